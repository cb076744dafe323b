"""Consent: to exact words, one at a time, taken back at once; and wordings that nobody can change afterwards."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import AuditEvent
from people.models import Consent, ConsentWording, PanelProfile
from people.models.register import Safeguards
from people.services import consents, needs
from people.tests import factories

pytestmark = pytest.mark.django_db


def next_year():
    return timezone.localdate() + datetime.timedelta(days=365)


def test_consent_names_the_words_the_way_and_who_wrote_it_down():
    by, person, wording = factories.user("officer"), factories.person(), factories.wording()
    consent = consents.give(person, wording, how="phone", by=by)

    assert (consent.wording, consent.how, consent.recorded_by, consent.given_by) == (wording, "phone", by, "self")
    event = AuditEvent.objects.get()
    assert (event.verb, event.detail) == ("recorded consent", {"purpose": "membership", "how": "phone"})


def test_agreeing_twice_to_the_same_words_keeps_the_first():
    person, wording = factories.person(), factories.wording()
    assert consents.give(person, wording, how="web", by=None) == consents.give(person, wording, how="paper", by=None)
    assert Consent.objects.count() == 1


def test_agreeing_to_newer_words_ends_the_older_consent():
    person = factories.person()
    old = consents.give(person, factories.wording(version=1), how="web", by=None)
    new = consents.give(person, factories.wording(version=2), how="paper", by=None)
    old.refresh_from_db()

    assert old.withdrawn_how == "paper"
    assert consents.in_force(person) == {new.purpose_id: new}


def test_a_service_purpose_needs_no_consent():
    with pytest.raises(ValidationError, match="This needs no consent"):
        consents.give(factories.person(), factories.wording("service"), how="web", by=None)


def test_nobody_agrees_to_words_that_are_not_in_force_yet():
    with pytest.raises(ValidationError, match="not in force yet"):
        consents.give(factories.person(), factories.wording(in_force_from=next_year()), how="web", by=None)


def test_people_under_18_are_asked_only_for_what_is_for_them():
    young = factories.person(adult_from=next_year(), safeguards=Safeguards.CLEARED)
    with pytest.raises(ValidationError, match="People under 18 are not asked for this"):
        consents.give(young, factories.wording("opportunities"), how="web", by=None)
    factories.purpose("membership", for_under_18=True)
    assert consents.give(young, factories.wording("membership"), how="web", by=None, given_by="guardian")


def test_taking_back_is_a_date_and_harmless_twice():
    person = factories.person()
    consent = factories.consent(person)
    for _time in range(2):
        consents.withdraw(person, consent.purpose, how="phone", by=None)
    consent.refresh_from_db()

    assert consent.withdrawn_how == "phone"
    assert consent.withdrawn_at is not None
    assert consents.in_force(person) == {}
    assert AuditEvent.objects.filter(verb="recorded withdrawal of consent").count() == 1


def with_panel_profile():
    member = factories.member(agrees_to=("panel_profile",))
    needs.set_panel_profile(member, {}, "Asthma", by=member.user)
    return member


def test_the_panel_profile_goes_with_its_consent():
    member = with_panel_profile()
    consents.withdraw(member, factories.purpose("panel_profile"), by=member.user)

    assert not PanelProfile.objects.exists()
    assert AuditEvent.objects.filter(verb="deleted panel profile").count() == 1


def test_the_panel_profile_stays_on_the_newer_words():
    member = with_panel_profile()
    new = consents.give(member, factories.wording("panel_profile", version=2), how="portal", by=member.user)
    assert PanelProfile.objects.get().consent == new


def test_people_are_shown_the_newest_words_in_force_and_none_of_a_service_purpose():
    factories.wording("membership", 1)
    now = factories.wording("membership", 2, in_force_from=timezone.localdate())
    factories.wording("membership", 3, in_force_from=next_year())
    factories.wording("service", 1)
    factories.purpose("quotes")

    assert consents.current_wordings() == [now]


# The admin ---------------------------------------------------------------------------------------


@pytest.fixture
def lead(client):
    user = factories.user("lead")
    client.force_login(user)
    return user


def sent(wording, **changes):
    """The form of the purpose as the browser sends it, with its one wording."""
    form = {
        "name": "Membership",
        "for_under_18": "",
        "order": "0",
        "wordings-TOTAL_FORMS": "1",
        "wordings-INITIAL_FORMS": "1",
        "wordings-0-id": wording.pk,
        "wordings-0-purpose": wording.purpose_id,
        "wordings-0-version": "1",
        "wordings-0-in_force_from": "2023-01-01",
        "wordings-0-text": "Other words",
    }
    return form | changes


def save(client, wording, **changes):
    return client.post(f"/admin/people/consentpurpose/{wording.purpose_id}/change/", sent(wording, **changes))


def test_a_wording_that_nobody_agreed_to_can_be_put_right(client, lead):
    wording = factories.wording()
    assert save(client, wording).status_code == 302
    wording.refresh_from_db()
    assert wording.text == "Other words"


@pytest.mark.parametrize("withdrawn", [False, True])
def test_a_wording_that_somebody_agreed_to_stays_as_it_was(client, lead, withdrawn):
    consent = factories.consent(factories.person())
    if withdrawn:
        consents.withdraw(consent.person, consent.purpose, by=lead)
    before = consent.wording.text
    save(client, consent.wording)
    save(client, consent.wording, **{"wordings-0-DELETE": "on"})

    assert ConsentWording.objects.get().text == before
    page = client.get(f"/admin/people/consentpurpose/{consent.purpose_id}/change/").content.decode()
    assert 'name="wordings-0-text"' in page
    assert page.split('name="wordings-0-text"')[1].split(">")[0].count("disabled") == 1


def test_a_new_wording_is_a_new_version(client, lead):
    wording = factories.consent(factories.person()).wording
    more = {"wordings-TOTAL_FORMS": "2", "wordings-1-version": "2", "wordings-1-in_force_from": "2026-01-01"}
    save(client, wording, **more, **{"wordings-1-text": "New words", "wordings-1-purpose": wording.purpose_id})

    assert list(ConsentWording.objects.order_by("version").values_list("version", "text")) == [
        (1, wording.text),
        (2, "New words"),
    ]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("administrator", 200, 200), ("lead", 200, 200), ("officer", 200, 403), ("project_lead", 403, 403)],
)
def test_who_words_consent(client, role, reads, writes):
    client.force_login(factories.user(role))
    assert client.get("/admin/people/consentpurpose/").status_code == reads
    assert client.get("/admin/people/consentpurpose/add/").status_code == writes
