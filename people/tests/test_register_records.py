"""What staff record for somebody: consents with their wording, needs in their words; and people in the admin."""

import datetime

import pytest
from django.utils import timezone

from people.models import Consent, ConsentPurpose, Person
from people.services import needs, open_account
from people.tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(client):
    user = factories.user("officer")
    client.force_login(user)
    return user


def text(response) -> str:
    return response.content.decode()


# Consents and needs on their behalf --------------------------------------------------------------


def test_staff_record_a_consent_with_the_wording_and_the_way(client, officer):
    person, wording = factories.person("Ann Lee"), factories.wording("quotes")
    page = text(client.get(f"/register/{person.pk}/consents/"))
    assert wording.text in page
    answer = {"what": f"give-{wording.pk}", "how": "phone"}
    client.post(f"/register/{person.pk}/consents/", answer)
    consent = person.consents.get()
    assert (consent.wording, consent.how, consent.recorded_by, consent.given_by) == (wording, "phone", officer, "self")
    page = text(client.get(f"/register/{person.pk}/consents/"))
    assert "in force" in page
    assert f"give-{wording.pk}" not in page
    assert client.post(f"/register/{person.pk}/consents/", answer).status_code == 422


def test_staff_record_a_withdrawal_and_the_history_stays(client, officer):
    person = factories.person("Ann Lee")
    consent = factories.consent(person, "quotes", recorded_by=officer)
    client.post(f"/register/{person.pk}/consents/", {"what": f"withdraw-{consent.purpose_id}", "how": "in_person"})
    consent.refresh_from_db()
    assert (consent.withdrawn_how, consent.withdrawal_recorded_by) == ("in_person", officer)
    page = text(client.get(f"/register/{person.pk}/consents/"))
    assert "no longer" in page
    assert consent.wording.text in page


def test_a_newer_wording_can_be_agreed_to(client, officer):
    person = factories.person("Ann Lee")
    factories.consent(person, "quotes")
    newer = factories.wording("quotes", version=2, text="Newer words")
    client.post(f"/register/{person.pk}/consents/", {"what": f"give-{newer.pk}", "how": "email"})
    assert Consent.objects.get(withdrawn_at=None).wording == newer


@pytest.mark.parametrize("answer", [{}, {"what": "give-999", "how": "phone"}, {"how": "portal"}, {"what": "x"}])
def test_a_consent_without_what_or_how_is_not_recorded(client, officer, answer):
    person = factories.person("Ann Lee")
    factories.wording("quotes")
    assert client.post(f"/register/{person.pk}/consents/", answer).status_code == 422
    assert not person.consents.exists()


def test_for_somebody_under_18_a_guardian_may_agree_and_only_to_what_is_for_them(client, officer):
    future = timezone.localdate() + datetime.timedelta(days=400)
    person = factories.person("Ann Lee", adult_from=future, safeguards="waiting")
    adults, wording = factories.wording("quotes"), factories.wording("membership")
    ConsentPurpose.objects.filter(code="membership").update(for_under_18=True)
    page = text(client.get(f"/register/{person.pk}/consents/"))
    assert adults.text not in page
    assert (
        client.post(f"/register/{person.pk}/consents/", {"what": f"give-{adults.pk}", "how": "paper"}).status_code
        == 422
    )
    answer = {"what": f"give-{wording.pk}", "how": "paper", "given_by": "guardian"}
    client.post(f"/register/{person.pk}/consents/", answer)
    assert person.consents.get().given_by == "guardian"


def test_without_purposes_the_page_says_so(client, officer):
    assert "nothing to agree to yet" in text(client.get(f"/register/{factories.person().pk}/consents/"))


def test_staff_record_needs_in_the_words_of_the_person(client, officer):
    person = factories.person("Ann Lee")
    needs.set_needs(person, {"large_print": "16 point", "other": "A dog"}, by=officer)
    page = text(client.get(f"/register/{person.pk}/needs/"))
    assert 'value="A dog"' in page
    answer = {"needs": ["large_print", "language"], "language": "Urdu اردو"}
    client.post(f"/register/{person.pk}/needs/", answer)
    current = {need.kind: need.detail for need in person.access_needs.all()}
    assert current == {"large_print": "16 point", "language": "Urdu اردو"}


def test_a_need_that_wants_words_is_refused_without(client, officer):
    person = factories.person("Ann Lee")
    page = client.post(f"/register/{person.pk}/needs/", {"needs": ["language"]})
    assert page.status_code == 422
    assert "Tell us more about: another language" in text(page)
    assert (
        client.post(f"/register/{person.pk}/needs/", {"needs": ["language"], "language": "x" * 301}).status_code == 422
    )
    assert client.post(f"/register/{person.pk}/needs/", {"needs": ["gold"]}).status_code == 422


# The admin ---------------------------------------------------------------------------------------

ADMIN = {"name": "Ann Lee", "channel": "email", "capacities-TOTAL_FORMS": "0", "capacities-INITIAL_FORMS": "0"}


def test_the_admin_lists_people_of_the_areas_of_the_user(client):
    here = factories.area("Here")
    future = timezone.localdate() + datetime.timedelta(days=400)
    person = factories.person("Near", area=here, adult_from=future, safeguards="waiting")
    factories.person("Gone", area=here, merged_into=person)
    far = factories.person("Far", area=factories.area("There"))
    client.force_login(factories.user("lead", area=here))
    page = text(client.get("/admin/people/person/", {"q": "a"}))
    assert "Near" in page
    assert "Far" not in page
    assert "Gone" not in page
    assert client.get(f"/admin/people/person/{far.pk}/change/").status_code == 404
    assert client.post(f"/admin/people/person/{person.pk}/delete/").status_code == 403


def test_the_admin_changes_people_by_the_same_rules(client, officer):
    person = factories.person("Ann Lee", email="ann@x.org")
    user = open_account(person, by=officer)
    factories.user(email="taken@x.org")
    address = f"/admin/people/person/{person.pk}/change/"
    assert client.post(address, ADMIN | {"email": "taken@x.org"}).status_code == 200
    assert client.post(address, ADMIN | {"email": "new@x.org"}).status_code == 302
    assert client.post(address, ADMIN | {"email": "new@x.org"}).status_code == 302
    user.refresh_from_db()
    assert user.email == "new@x.org"


def test_the_admin_adds_people(client, officer):
    assert client.post("/admin/people/person/add/", ADMIN | {"name": "  Bo  Chen "}).status_code == 302
    assert Person.objects.get().name == "Bo Chen"
