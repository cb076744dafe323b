"""What is protected is never read unseen: each page that reads it writes to the audit trail in the same request."""

import datetime

import pytest
from django.db import connection
from django.utils import timezone

from people.models import AccessNeed, Concern, EqualityAnswer, EqualityOption, YoungPerson
from people.services import messages, safeguarding
from people.tests import factories
from people.tests.reads import PROTECTED, audited_reads

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything():
    """A row in each protected table that the pages here may read."""
    keeper = factories.user("safeguarding")
    person = factories.person("Billie", address="1 High Street", channel="post", email="billie@example.org")
    factories.consent(person)
    AccessNeed.objects.create(person=person, kind="large_print")
    born = timezone.localdate() - datetime.timedelta(days=365 * 12)
    safeguarding.record_young_person(person, by=keeper, birth_date=born, agreed_on=born + datetime.timedelta(days=9))
    person.refresh_from_db()
    question = factories.equality_question()
    EqualityAnswer.objects.create(
        pseudonym="x", question=question, option=EqualityOption.objects.first(), month=datetime.date(2026, 1, 1)
    )
    Concern.objects.create(text="Worried")
    return person


def table(model):
    return model._meta.db_table


@pytest.mark.parametrize(
    ("role", "address", "read"),
    [
        ("safeguarding", "/register/young-people/", {YoungPerson}),
        ("safeguarding", "/register/young-people/{person}/", {YoungPerson}),
        ("safeguarding", "/register/concerns/", {Concern}),
        ("safeguarding", "/register/concerns/{concern}/", {Concern}),
        ("lead", "/register/equality/", {EqualityAnswer}),
        ("lead", "/register/messages/", set()),
        ("lead", "/register/messages/?tab=by-hand", set()),
        ("lead", "/register/stakeholders/", set()),
    ],
)
def test_every_page_that_reads_what_is_protected_says_so(client, everything, role, address, read):
    client.force_login(factories.user(role))
    address = address.format(person=everything.pk, concern=Concern.objects.get().pk)
    with audited_reads() as reads:
        assert client.get(address).status_code == 200

    assert reads.tables == {table(model) for model in read}
    assert reads.unaudited() == []


@pytest.mark.parametrize("address", ["/register/young-people/{person}/", "/register/concerns/{concern}/"])
def test_a_form_that_is_refused_is_a_reading_too(client, everything, address):
    client.force_login(factories.user("safeguarding"))
    address = address.format(person=everything.pk, concern=Concern.objects.get().pk)
    with audited_reads() as reads:
        assert client.post(address, {}).status_code == 422

    assert reads.unaudited() == []


def test_writing_and_trying_again_read_needs_and_guardians_and_say_so(everything):
    with audited_reads() as reads:
        message = messages.write(everything, "membership", "Hello", "Words", by=None, key="one")
    assert message.state == "failed"  # under 18, and the guardian has not agreed
    assert (reads.tables, reads.verbs()) == ({table(AccessNeed)}, ["read access needs"])

    YoungPerson.objects.update(guardian_email="guardian@example.org")
    factories.purpose("service", for_under_18=True)
    everything.refresh_from_db()
    everything.safeguards, everything.channel, everything.write_to_guardian = "cleared", "email", True
    with audited_reads() as reads:
        assert messages.write(everything, "service", "Hello", "Words", by=None, key="two").state == "queued"
    assert (reads.tables, reads.verbs()) == ({table(YoungPerson)}, ["read guardian"])


def test_the_work_of_every_day_says_so_too(everything):
    with audited_reads() as reads:
        safeguarding.follow_ages()
    assert (reads.tables, reads.verbs()) == ({table(YoungPerson)}, ["read dates of birth"])


@pytest.mark.parametrize("model", PROTECTED)
def test_a_reading_unseen_would_be_noticed(everything, model):
    """The watchman himself: each table, read plainly, counted, joined, or in a question inside another."""
    for look in (
        lambda: list(model.objects.all()),
        model.objects.count,
        lambda: list(factories.ConsentPurpose.objects.filter(pk__in=model.objects.values("pk"))),
    ):
        with audited_reads() as reads:
            look()
        assert reads.unaudited() == [table(model)]


def test_a_join_would_be_noticed_and_writing_is_no_reading(everything):
    with audited_reads() as reads:
        list(type(everything).objects.filter(young__birth_date__year=2010))
    assert reads.unaudited() == [table(YoungPerson)]
    with audited_reads() as reads, connection.cursor():
        Concern.objects.create(text="Another")
    assert reads.tables == set()
