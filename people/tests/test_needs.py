"""Three stores for three purposes: each read leaves a trace, and equality answers lead back to nobody."""

from itertools import pairwise

import pytest
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEvent
from people.models import AccessNeed, EqualityAnswer, EqualityOption, PanelProfile, Person
from people.services import needs
from people.tests import factories
from people.tests.reads import PROTECTED

pytestmark = pytest.mark.django_db
PAGE = "/register/equality/"


def verbs():
    return list(AuditEvent.objects.order_by("pk").values_list("verb", flat=True))


# Access needs ------------------------------------------------------------------------------------


def test_needs_are_recorded_whole_and_the_audit_says_that_not_what():
    by, person = factories.user("officer"), factories.person()
    needs.set_needs(person, {"large_print": "", "language": "Polski, język mówiony 🙂"}, by=by)
    needs.set_needs(person, {"language": "ਪੰਜਾਬੀ"}, by=by)

    assert [str(need) for need in person.access_needs.all()] == ["another language: ਪੰਜਾਬੀ"]
    assert verbs() == ["changed access needs"] * 2
    assert {str(event.detail) for event in AuditEvent.objects.all()} == {"{}"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"language": "  "}, "Say which: another language"),
        ({"parking": "x" * 301}, "use 300 characters or fewer"),
        ({"telepathy": ""}, "There is no such need: telepathy"),
    ],
)
def test_needs_that_cannot_be_met_are_refused_and_nothing_changes(given, reason):
    by, person = factories.user("officer"), factories.person()
    AccessNeed.objects.create(person=person, kind="step_free")
    with pytest.raises(ValidationError, match=reason):
        needs.set_needs(person, given, by=by)
    assert [need.kind for need in person.access_needs.all()] == ["step_free"]


def test_reading_needs_is_audited_person_by_person_in_as_many_queries_for_two_as_for_twenty():
    by = factories.user("officer")
    asked = []
    for count in (2, 20):
        people = [factories.person() for _number in range(count)]
        AccessNeed.objects.create(person=people[0], kind="captions")
        with CaptureQueriesContext(connection) as queries:
            found = needs.needs_of(people, by=by, purpose="to plan a meeting")
        asked.append(len(queries))
        assert [need.kind for need in found[people[0].pk]] == ["captions"]
        assert found[people[1].pk] == []

    assert asked[0] == asked[1]
    events = AuditEvent.objects.filter(verb="read access needs", actor_id=by.pk)
    assert events.count() == 22
    assert {event.detail["purpose"] for event in events} == {"to plan a meeting"}


# Panel profile -----------------------------------------------------------------------------------


def test_without_the_explicit_consent_there_is_no_panel_profile():
    member = factories.member()
    with pytest.raises(ValidationError, match="Agree first"):
        needs.set_panel_profile(member, {}, "", by=member.user)


def test_a_panel_profile_keeps_known_answers_and_each_reading_is_audited():
    factories.equality_question("sex")
    member = factories.member(agrees_to=("panel_profile",))
    needs.set_panel_profile(member, {"sex": "female"}, " Asthma ", by=member.user)
    with pytest.raises(ValidationError, match="no such answer to: sex"):
        needs.set_panel_profile(member, {"sex": "purple"}, "", by=member.user)
    profile = needs.panel_profile(member, by=member.user, purpose="own page")

    assert (profile.answers, profile.experience) == ({"sex": "female"}, "Asthma")
    assert verbs() == ["changed panel profile", "read panel profile"]
    assert needs.panel_profile(factories.person(), by=None, purpose="a panel") is None


# Equality monitoring -----------------------------------------------------------------------------


def answer(member, **answers):
    needs.set_equality_answers(member, answers or {"sex": "female"}, by=member.user)


@pytest.fixture
def question():
    return factories.equality_question("sex")


def test_answers_have_no_link_to_a_person():
    assert {field.name for field in EqualityAnswer._meta.get_fields() if field.is_relation} == {"question", "option"}
    related = {field.related_model for field in Person._meta.get_fields() if field.is_relation}
    assert EqualityAnswer not in related


def test_the_pseudonym_says_nothing_and_changes_with_the_key(question, settings):
    member = factories.member()
    answer(member)
    before = EqualityAnswer.objects.get().pseudonym
    settings.EQUALITY_KEY = "another key"

    assert str(member.pk) != before
    assert member.name not in before
    assert needs.own_equality_answers(member, by=member.user) == {}
    answer(member)
    assert EqualityAnswer.objects.exclude(pseudonym=before).count() == 1


def test_only_the_own_session_reads_or_changes_the_answers(question):
    member, other = factories.member(), factories.member()
    answer(member)

    assert needs.own_equality_answers(member, by=member.user) == {"sex": "female"}
    for by in (other.user, factories.user("administrator"), factories.superuser()):
        with pytest.raises(ValidationError, match="Only the person"):
            needs.own_equality_answers(member, by=by)
        with pytest.raises(ValidationError, match="Only the person"):
            needs.set_equality_answers(member, {}, by=by)
    with pytest.raises(ValidationError, match="Only the person"):
        needs.own_equality_answers(factories.person(), by=other.user)
    assert EqualityAnswer.objects.count() == 1


def test_the_audit_says_that_somebody_answered_not_what(question):
    member = factories.member()
    answer(member, sex="male")
    event = AuditEvent.objects.get(verb="answered equality questions")

    assert (event.subject_id, event.detail) == (str(member.pk), {})
    assert "male" not in str(event)


def test_the_order_of_the_rows_does_not_follow_the_order_of_the_audit_trail(question):
    """Numbers that count up would pair the answers with the names in the audit trail."""
    for _number in range(12):
        answer(factories.member())
    numbers = list(EqualityAnswer.objects.order_by("pk").values_list("pk", flat=True))

    assert len(set(numbers)) == 12
    assert all(later - earlier > 1 for earlier, later in pairwise(numbers))


def test_answers_are_replaced_forgotten_and_must_be_known(question):
    member = factories.member()
    answer(member)
    answer(member, sex="male")
    with pytest.raises(ValidationError, match="no such answer to: sex, age"):
        answer(member, sex="purple", age="9")

    assert needs.own_equality_answers(member, by=member.user) == {"sex": "male"}
    assert needs.forget_equality_answers(member) == 1
    assert not EqualityAnswer.objects.exists()


def fill(question, **people):
    options = {option.code: option for option in question.options.all()}
    rows = [(code, number) for code, count in people.items() for number in range(count)]
    EqualityAnswer.objects.bulk_create(
        EqualityAnswer(pseudonym=f"{code} {n}", question=question, option=options[code], month="2026-01-01")
        for code, n in rows
    )


@pytest.fixture
def lead(client):
    factories.body()
    user = factories.user("lead")
    client.force_login(user)
    return user


def test_the_totals_are_rounded_and_small_ones_hidden(client, lead, question):
    fill(question, female=41, male=3)
    page = client.get(PAGE)
    text = page.content.decode()
    (row,) = page.context["rows"]

    assert row["table"].rows == (("Female", "40", "89%"), ("Male", "*", "*"), ("Prefer not to say", "0", "0%"))
    assert "Sex. Female: 40; Prefer not to say: 0." in text
    assert "About 45 people answered" in text
    assert "nothing is shown for fewer than 30 people" in text
    assert ">41<" not in text
    assert AuditEvent.objects.get(verb="read equality totals").actor_id == lead.pk


def test_rare_answers_are_counted_under_their_group(client, lead):
    question = factories.equality_question("ethnicity", ("a", "b", "c"))
    EqualityOption.objects.filter(code__in="bc").update(group="Other groups")
    fill(question, a=30, b=5, c=5)
    (row,) = client.get(PAGE).context["rows"]

    assert [(label, count) for label, count, _share in row["table"].rows] == [("A", "30"), ("Other groups", "10")]


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ({"female": 20, "male": 9}, "Not shown: fewer than 30 people."),
        ({"female": 40}, "Not shown: everybody is in one category."),
        ({}, "Not shown: fewer than 30 people."),
    ],
)
def test_nothing_is_shown_where_it_would_tell_about_somebody(client, lead, question, people, words):
    fill(question, **people)
    text = client.get(PAGE).content.decode()

    assert words in text
    assert "<table" not in text
    assert 'role="img"' not in text


def test_without_questions_the_page_says_so(client, lead):
    assert "No equality questions are set up yet." in client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("administrator", 200),
        ("lead", 200),
        ("officer", 200),
        ("project_lead", 403),
        ("secretary", 403),
        ("safeguarding", 403),
        ("member", 403),
        ("", 403),
    ],
)
def test_who_reads_the_totals(client, role, status):
    assert client.get(PAGE)["Location"].startswith("/accounts/login/")
    client.force_login(factories.user(role))
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE).status_code == (405 if status == 200 else 403)


def test_none_of_the_protected_stores_is_in_the_admin():
    assert not set(admin.site._registry) & set(PROTECTED)
    assert PanelProfile in PROTECTED
