"""People's rights: a copy of everything about them, and erasure that leaves nothing of them and all of others."""

import datetime
import io
import json
import zipfile

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone

from core import audit
from core.models import AuditEvent
from core.privacy import Personal, models_about_people
from forums.models import Buddy, ExpenseItem
from people.models import EqualityAnswer, ErasureRequest, Message, Person, PersonCapacity, TwoPeople, User
from people.services import merging, needs, privacy
from people.tests import factories
from people.tests.about_people import Maker, dump

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return factories.user("lead")


def asked(person, by=None) -> ErasureRequest:
    return privacy.ask_for_erasure(person, how="phone", by=by)


def with_account(maker: Maker) -> Person:
    """Somebody with a row in every model, an account, a session, answers, and lines in the trail and the log."""
    person = maker.person()
    maker.everything(person)
    person.erasure_requests.update(decided_at=timezone.now())
    person.user = factories.user(
        "member", email=f"{maker.token}-login@example.org".lower(), name=f"{maker.token}-login"
    )
    person.save()
    maker.tokens[f"{maker.token}-login".lower()] = "people.User.name"
    factories.equality_question()
    needs.set_equality_answers(person, {"sex": "female"}, by=person.user)
    Client().force_login(person.user)
    client = Client()
    client.force_login(person.user)
    audit.record(person.user, "changed", person)
    audit.record(None, "added", person.memberships.get())
    kind = ContentType.objects.get_for_model(Person)
    who = factories.user("officer")
    values = {"user_id": who.pk, "content_type_id": kind.pk, "object_id": str(person.pk), "object_repr": str(person)}
    LogEntry.objects.create(**values, action_flag=CHANGE, change_message="[]")
    return person


def must_go(maker: Maker) -> set[str]:
    """The tokens in fields that an erasure empties; those of fields that are kept, or that nobody is named in, stay."""
    models = {model._meta.label: model for model in models_about_people()}
    gone = set()
    for token, place in maker.tokens.items():
        label, _dot, field = place.rpartition(".")
        declared = models[label].personal.get(field) if label in models else None
        deleted = label in models and getattr(models[label], "on_erasure", "") == "delete"
        if deleted or label == "people.User" or (declared and not declared.erase.startswith("kept")):
            gone.add(token)
    return gone


# Erasure -----------------------------------------------------------------------------------------


def test_after_an_erasure_nothing_of_the_person_is_found_in_any_table_and_all_of_the_other_is(lead):
    one, other = Maker("CANARYA"), Maker("CANARYB")
    erased, _left = with_account(one), with_account(other)
    before = dump()
    assert all(token in before for token in [*must_go(one), *must_go(other)])
    privacy.erase(asked(erased), by=lead)
    after = dump()
    assert [f"{token} {one.tokens[token]}" for token in must_go(one) if token in after] == []
    stays = {token for token, place in other.tokens.items() if not place.endswith(".receipt")}
    assert [f"{token} {other.tokens[token]}" for token in stays if token not in after] == []
    assert len(must_go(one)) > 25


def test_what_is_proof_stays_without_a_name(lead):
    maker = Maker("CANARYA")
    person = with_account(maker)
    privacy.erase(asked(person), by=lead)
    person.refresh_from_db()
    assert (person.name, person.email, person.birth_year, person.user) == ("name removed", "", None, None)
    assert person.erased_at is not None
    assert person.memberships.get().selected_because == ""
    assert person.consents.count() == 1
    assert person.expense_claims.get().what_for == "name removed"
    assert not Person.objects.known().filter(pk=person.pk).exists()
    assert not Message.objects.filter(person=person).exists()


def test_an_erasure_ends_the_account_its_sessions_and_its_answers(lead):
    erased, left = with_account(Maker("CANARYA")), with_account(Maker("CANARYB"))
    sessions, account = Session.objects.count(), erased.user_id
    privacy.erase(asked(erased), by=lead)
    assert not User.objects.filter(pk=account).exists()
    assert Session.objects.count() == sessions / 2
    assert EqualityAnswer.objects.count() == 1
    assert needs.own_equality_answers(left, by=left.user) == {"sex": "female"}


def test_the_trail_keeps_what_was_done_and_loses_the_name(lead):
    erased = with_account(Maker("CANARYA"))
    number = AuditEvent.objects.filter(subject_id=str(erased.pk)).count()
    account = erased.user_id
    privacy.erase(asked(erased), by=lead)
    events = AuditEvent.objects.filter(subject_type="people.person", subject_id=str(erased.pk))
    assert events.count() >= number
    assert set(events.values_list("subject", flat=True)) == {"name removed"}
    assert set(AuditEvent.objects.filter(actor_id=account).values_list("actor", flat=True)) == {"name removed"}
    assert LogEntry.objects.get(object_id=str(erased.pk)).object_repr == "name removed"


def test_a_name_inside_the_words_of_another_record_goes_as_whole_words_alone(lead):
    person, namesake = factories.person("Ann Lee"), factories.person("Joann Leeson")
    audit.record(None, "deleted", namesake)
    AuditEvent.objects.create(actor="x", verb="deleted", subject_type="forums.membership", subject="Ann Lee, citizen")
    log = LogEntry.objects.create(
        user_id=lead.pk,
        action_flag=CHANGE,
        object_repr="Forum",
        content_type=ContentType.objects.get_for_model(Buddy),
        change_message='[{"added": {"name": "seat", "object": "Ann Lee, citizen"}}]',
    )
    privacy.erase(asked(person), by=lead)
    log.refresh_from_db()
    assert log.change_message == '[{"added": {"name": "seat", "object": "name removed, citizen"}}]'
    subjects = set(AuditEvent.objects.filter(verb="deleted").values_list("subject", flat=True))
    assert subjects == {"Joann Leeson", "name removed, citizen"}


def test_older_entries_and_joined_accounts_go_too(lead):
    keep, gone = factories.member("Ann Lee"), factories.member("Anne Leigh")
    audit.record(gone.user, "changed", gone)
    merging.merge(keep, gone, by=lead)
    privacy.erase(asked(keep), by=lead)
    after = dump()
    assert "anne leigh" not in after
    assert "ann lee" not in after
    assert "person1@example.org" not in after
    assert "person2@example.org" not in after
    assert Person.objects.filter(erased_at=None).count() == 0


def test_the_certificate_counts_what_was_done(lead):
    person = with_account(Maker("CANARYA"))
    request = asked(person)
    expected = privacy.preview_erasure(person, by=lead)
    request = privacy.erase(request, by=lead)
    assert request.certificate["people.Message"] == {"deleted": 1}
    assert request.certificate["forums.Attendance"] == {"cleared": 1}
    assert request.certificate["people.Consent"] == {"kept": 1}
    assert {part.kind: part for part in privacy.certificate_of(request)} == {part.kind: part for part in expected}
    assert "CANARYA" not in json.dumps(request.certificate)


def test_rows_about_others_stay_and_name_the_erased_no_more(lead):
    person, other = factories.person("Ann Lee"), factories.person("Bo Chen")
    asked_for = Buddy.objects.create(buddy=person, person=other, goals="Read papers")
    begun = Buddy.objects.create(buddy=person, person=other, goals="Go by bus", started_on=timezone.localdate())
    TwoPeople.objects.create(first=person, second=other)
    factories.person("Zed")
    TwoPeople.objects.create(first=other, second=factories.person("Cy"))
    privacy.erase(asked(person), by=lead)
    asked_for.refresh_from_db()
    begun.refresh_from_db()
    assert (asked_for.buddy, asked_for.goals) == (None, "Read papers")
    assert begun.buddy.name == "name removed"
    assert TwoPeople.objects.count() == 1


def test_a_decision_by_the_second_of_two_goes_too(lead):
    other, person = factories.person("Bo Chen"), factories.person("Ann Lee")
    TwoPeople.objects.create(first=other, second=person)
    privacy.erase(asked(person), by=lead)
    assert not TwoPeople.objects.exists()


def test_where_the_database_wants_words_they_are_replaced(lead):
    person = factories.person("Ann Lee")
    claim = person.expense_claims.create(what_for="Bus", status="rejected", reason="Ann went by car")
    privacy.erase(asked(person), by=lead)
    claim.refresh_from_db()
    assert claim.reason == "name removed"


def test_files_of_fields_that_are_emptied_are_deleted_once_it_is_certain(
    lead, monkeypatch, django_capture_on_commit_callbacks
):
    maker = Maker("CANARYA")
    person = with_account(maker)
    name = maker.made["forums.ExpenseItem"].receipt.name
    monkeypatch.setattr(ExpenseItem, "personal", {"receipt": Personal("P3", "x", erase="deleted")})
    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase(asked(person), by=lead)
        assert default_storage.exists(name)
    assert not default_storage.exists(name)
    assert ExpenseItem.objects.get().receipt.name == ""


def test_a_receipt_that_is_a_financial_record_stays(lead, django_capture_on_commit_callbacks):
    maker = Maker("CANARYA")
    person = with_account(maker)
    with django_capture_on_commit_callbacks(execute=True):
        privacy.erase(asked(person), by=lead)
    assert default_storage.exists(maker.made["forums.ExpenseItem"].receipt.name)


def test_asking_twice_is_one_request():
    person = factories.person()
    assert asked(person) == asked(person)


def test_whoever_noted_the_request_does_not_decide_it(lead):
    request = asked(factories.person("Ann Lee"), by=lead)
    with pytest.raises(ValidationError, match="second person"):
        privacy.erase(request, by=lead)
    with pytest.raises(ValidationError, match="second person"):
        privacy.refuse(request, "No", by=lead)
    assert Person.objects.filter(name="Ann Lee", erased_at=None).exists()


def test_nobody_decides_about_themselves():
    person = factories.member("Ann Lee")
    with pytest.raises(ValidationError, match="second person"):
        privacy.erase(asked(person), by=person.user)


def test_erasing_twice_is_harmless(lead):
    request = asked(factories.person("Ann Lee"))
    first = privacy.erase(request, by=lead)
    assert privacy.erase(request, by=factories.user("lead")).decided_by == first.decided_by
    assert AuditEvent.objects.filter(verb="erased").count() == 1
    with pytest.raises(ValidationError, match="erased already"):
        privacy.refuse(request, "Too late", by=lead)
    with pytest.raises(ValidationError, match="no longer in use"):
        asked(request.person)


def test_a_refusal_says_why_and_a_new_request_may_follow(lead):
    person = factories.person()
    request = asked(person)
    with pytest.raises(ValidationError, match="Say why"):
        privacy.refuse(request, "  ", by=lead)
    privacy.refuse(request, "A court asked us to keep it", by=lead)
    again = privacy.refuse(request, "Another reason", by=lead)
    assert again.refused_because == "A court asked us to keep it"
    with pytest.raises(ValidationError, match="was refused"):
        privacy.erase(request, by=lead)
    assert asked(person) != request


def test_what_another_app_holds_against_it_stops_an_erasure(lead, monkeypatch):
    monkeypatch.setattr(privacy, "holds", [lambda person: "", lambda person: "A claim waits to be paid"])
    request = asked(factories.person("Ann Lee"))
    with pytest.raises(ValidationError, match="waits to be paid"):
        privacy.erase(request, by=lead)
    assert Person.objects.filter(name="Ann Lee").exists()


def test_an_account_with_staff_work_is_not_deleted(lead):
    person = factories.person("Ann Lee", user=factories.user("officer"))
    with pytest.raises(ValidationError, match="staff work"):
        privacy.erase(asked(person), by=lead)
    assert User.objects.filter(pk=person.user_id).exists()


def test_an_age_that_was_settled_goes_too(lead):
    person = factories.person(adult_from=datetime.date(2030, 1, 1), safeguards="cleared", write_to_guardian=True)
    privacy.erase(asked(person), by=lead)
    person.refresh_from_db()
    assert (person.adult_from, person.safeguards, person.write_to_guardian) == (None, "", False)


def test_no_model_about_people_keeps_a_history_that_an_erasure_would_miss():
    """Histories hold old values. A model about people that gets one needs its history erased as well."""
    assert [model for model in models_about_people() if hasattr(model._meta, "simple_history_manager_attribute")] == []


# A copy ------------------------------------------------------------------------------------------


def opened(content: bytes) -> tuple[dict, str, list[str]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return json.loads(archive.read("data.json")), archive.read("data.html").decode(), archive.namelist()


def included(maker: Maker) -> set[str]:
    """The tokens in declared fields that are not left out."""
    models = {model._meta.label: model for model in models_about_people()}
    found = set()
    for token, place in maker.tokens.items():
        label, _dot, field = place.rpartition(".")
        declared = models[label].personal.get(field) if label in models else None
        if declared and not declared.export.startswith("left out") and field != "receipt":
            found.add(token)
    return found


def test_a_copy_holds_all_of_the_person_and_nothing_of_another():
    one, other = Maker("CANARYA"), Maker("CANARYB")
    person, _other = with_account(one), with_account(other)
    facts, page, names = opened(privacy.export(person, by=person.user))
    text = json.dumps(facts, ensure_ascii=False).lower()
    assert [one.tokens[token] for token in included(one) if token not in text] == []
    assert [one.tokens[token] for token in included(one) if token not in page.lower()] == []
    assert "canaryb" not in text + page.lower() + " ".join(names)
    assert facts["schema"] == 1
    assert facts["equality_answers"] == {"sex": "female"}
    assert facts["left_out"] == []
    assert len([name for name in names if name.startswith("files/forums.expenseitem-")]) == 1
    assert len(included(one)) > 25


def test_a_copy_is_a_page_that_reads_without_anything_from_outside():
    person = factories.member("Zoë O’Neill 😀 محمد")
    _facts, page, _names = opened(privacy.export(person, by=person.user))
    assert '<html lang="en-gb">' in page
    assert "Zoë O’Neill 😀 محمد" in page
    assert not any(word in page for word in ("<script", "<link", "<img", "style=", "http"))


def test_what_is_left_out_of_a_copy_is_left_out():
    maker = Maker("CANARYA")
    person = with_account(maker)
    content = json.dumps(opened(privacy.export(person, by=person.user))[0]).lower()
    left_out = [token for token, place in maker.tokens.items() if place == "people.Message.error"]
    assert left_out[0] not in content


def test_staff_get_neither_the_equality_answers_nor_what_is_kept_from_them(lead):
    maker = Maker("CANARYA")
    person = with_account(maker)
    facts, page, _names = opened(privacy.export(person, by=lead))
    assert facts["equality_answers"] is None
    assert facts["left_out"] == ["people.YoungPerson"]
    assert "people.YoungPerson" not in facts["records"]
    assert "Young people" in page
    assert "people.AccessNeed" in facts["records"]
    administrator = factories.user("administrator")
    left_out = opened(privacy.export(person, by=administrator))[0]["left_out"]
    assert set(left_out) == {"people.AccessNeed", "people.PanelProfile", "people.YoungPerson"}


def test_a_copy_says_who_recorded_something_without_naming_them(lead):
    person = factories.member("Ann Lee")
    factories.consent(person, "opportunities", recorded_by=lead)
    factories.consent(person, "quotes", recorded_by=person.user)
    other = factories.person("Bo Chen")
    Buddy.objects.create(buddy=other, person=person, goals="Read papers")
    facts, page, _names = opened(privacy.export(person, by=person.user))
    said = {row["purpose"]: row.get("recorded_by") for row in facts["records"]["people.Consent"]}
    assert said == {"membership": None, "opportunities": "a member of staff", "quotes": "you"}
    assert facts["records"]["forums.Buddy"][0]["buddy"] == "somebody else"
    assert lead.name not in page
    assert "Bo Chen" not in page


def test_a_copy_holds_what_stands_on_older_entries(lead):
    keep, gone = factories.member("Ann Lee"), factories.person("Anne Leigh", phone="01992 555555")
    merging.merge(keep, gone, by=lead)
    names = [row["name"] for row in opened(privacy.export(keep, by=lead))[0]["records"]["people.Person"]]
    assert names == ["Ann Lee", "Anne Leigh"]


def test_a_copy_is_audited(lead):
    person = factories.person()
    privacy.export(person, by=lead)
    event = AuditEvent.objects.get(verb="read and exported everything")
    assert event.detail["special"] == ["people.AccessNeed", "people.PanelProfile"]


# Pages -------------------------------------------------------------------------------------------


def test_staff_take_a_copy_from_the_page(client, lead):
    person = factories.person("Ann Lee")
    client.force_login(lead)
    response = client.post(f"/register/{person.pk}/export/")
    assert response["Content-Type"] == "application/zip"
    assert opened(response.content)[0]["records"]["people.Person"][0]["name"] == "Ann Lee"
    assert client.get(f"/register/{person.pk}/export/").status_code == 405


def test_staff_note_a_request_and_somebody_else_decides_it(client, lead):
    person = factories.person("Ann Lee")
    PersonCapacity.objects.create(person=person, capacity="carer")
    client.force_login(lead)
    assert "Select how" in client.post(f"/register/{person.pk}/erasure/", follow=True).content.decode()
    page = client.post(f"/register/{person.pk}/erasure/", {"how": "phone"}, follow=True).content.decode()
    assert "They asked to be erased" in page
    request = person.erasure_requests.get()
    page = client.get(f"/register/erasure/{request.pk}/").content.decode()
    assert "A second person has to decide" in page
    assert "Erase this person" not in page
    client.post(f"/register/erasure/{request.pk}/", {"decision": "erase"})
    request.refresh_from_db()
    assert request.decided_at is None
    client.force_login(factories.user("lead"))
    assert "Erase this person" in client.get(f"/register/erasure/{request.pk}/").content.decode()
    page = client.post(f"/register/erasure/{request.pk}/", {"decision": "erase"}, follow=True).content.decode()
    assert "What was done" in page
    assert "Ann Lee" not in page
    assert client.get(f"/register/{person.pk}/").status_code == 404


def test_a_refusal_needs_a_reason_on_the_page(client, lead):
    request = asked(factories.person("Ann Lee"))
    client.force_login(lead)
    page = client.post(f"/register/erasure/{request.pk}/", {"decision": "refuse", "reason": ""})
    assert page.status_code == 422
    page = client.post(f"/register/erasure/{request.pk}/", {"decision": "refuse", "reason": "A court"}, follow=True)
    assert "refused" in page.content.decode()
    assert client.post(f"/register/erasure/{request.pk}/", {}).status_code == 422


def test_the_list_says_how_old_a_request_is_and_when_it_is_late(client, lead, monkeypatch):
    old, new = asked(factories.person("Ann Lee")), asked(factories.person("Bo Chen"))
    ErasureRequest.objects.filter(pk=old.pk).update(asked_at=timezone.now() - datetime.timedelta(days=40))
    client.force_login(lead)
    page = client.get("/register/erasure/").content.decode()
    assert page.index("Ann Lee") < page.index("Bo Chen")
    assert ">40</td>" in page
    assert page.count("late</strong>") == 1
    assert str(new.person) in page
    monkeypatch.setattr(privacy, "holds", [lambda person: "A claim waits"])
    assert "A claim waits" in client.get(f"/register/erasure/{old.pk}/").content.decode()


def test_requests_of_other_areas_are_not_found(client):
    here, there = factories.area(), factories.area()
    request = asked(factories.person("Ann Lee", area=there))
    client.force_login(factories.user("lead", area=here))
    assert client.get(f"/register/erasure/{request.pk}/").status_code == 404
    assert "Ann Lee" not in client.get("/register/erasure/").content.decode()


@pytest.mark.parametrize("role", ["officer", "project_lead", "member", "secretary", "safeguarding"])
def test_erasures_are_decided_by_leads_and_administrators_alone(client, role):
    request = asked(factories.person())
    client.force_login(factories.user(role))
    assert client.get("/register/erasure/").status_code == 403
    assert client.post(f"/register/erasure/{request.pk}/", {"decision": "erase"}).status_code == 403
