"""Users, roles, places and organisations in the admin."""

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from core.models import AuditEvent
from people.models import Role, User
from people.tests import factories

pytestmark = pytest.mark.django_db
USERS = "/admin/people/user/"


@pytest.fixture
def administrator(client):
    user = factories.user("administrator")
    client.force_login(user)
    return user


def role_rows(*rows, initial=0):
    """The inline form of roles, as the browser sends it."""
    data = {"roles-TOTAL_FORMS": len(rows), "roles-INITIAL_FORMS": initial}
    for number, row in enumerate(rows):
        data |= {f"roles-{number}-{name}": value for name, value in row.items()}
    return data


def new_user(**fields):
    return {"name": "Ola Officer", "email": "Ola@example.org", "usable_password": "false"} | fields


def test_a_role_given_in_the_admin_lets_the_user_in_and_is_audited(client, administrator):
    place = factories.area("West Essex")
    response = client.post(f"{USERS}add/", new_user() | role_rows({"name": "officer", "area": place.pk}))
    user = User.objects.get(email="ola@example.org")
    assert response.status_code == 302
    assert user.is_staff
    assert not user.has_usable_password()
    granted = AuditEvent.objects.get(verb="granted role")
    assert granted.actor_id == administrator.pk
    assert granted.detail == {"role": "officer", "area": "West Essex"}


def test_a_role_taken_away_in_the_admin_shuts_the_user_out(client, administrator):
    user = factories.user("officer")
    role = user.roles.get()
    rows = role_rows({"id": role.pk, "user": user.pk, "name": "officer", "DELETE": "on"}, initial=1)
    fields = {"name": user.name, "email": user.email, "is_active": "on"}
    client.post(f"{USERS}{user.pk}/change/", fields | rows)
    user.refresh_from_db()
    assert not user.is_staff
    assert not Role.objects.filter(user=user).exists()
    assert AuditEvent.objects.get(verb="revoked role").subject_id == str(user.pk)


def test_a_changed_role_is_audited(client, administrator):
    user = factories.user("officer")
    rows = role_rows({"id": user.roles.get().pk, "user": user.pk, "name": "lead"}, initial=1)
    client.post(f"{USERS}{user.pk}/change/", {"name": user.name, "email": user.email, "is_active": "on"} | rows)
    assert AuditEvent.objects.get(verb="changed role").detail == {"role": "lead", "area": ""}


def test_the_same_role_twice_is_refused_in_words(client, administrator):
    user = factories.user("officer")
    rows = role_rows(
        {"id": user.roles.get().pk, "user": user.pk, "name": "officer"}, {"user": user.pk, "name": "officer"}, initial=1
    )
    fields = {"name": user.name, "email": user.email, "is_active": "on"}
    page = client.post(f"{USERS}{user.pk}/change/", fields | rows)
    assert "This user has that role already" in page.content.decode()
    assert user.roles.count() == 1


def test_no_page_shows_a_password_hash(client, administrator):
    user = factories.user("officer")
    page = client.get(f"{USERS}{user.pk}/change/").content.decode()
    algorithm, _iterations, salt, digest = user.password.split("$")
    assert [part for part in (algorithm, salt, digest) if part in page] == []


def test_an_administrator_sets_a_password_on_a_page_of_its_own(client, administrator):
    user = factories.user("officer")
    words = "battery staple correct horse"
    fields = {"usable_password": "true", "password1": words, "password2": words}
    response = client.post(f"{USERS}{user.pk}/password/", fields)
    user.refresh_from_db()
    assert response.status_code == 302
    assert user.check_password(words)


def test_an_administrator_cannot_touch_a_superuser(client, administrator):
    root = factories.superuser()
    page = client.get(f"{USERS}{root.pk}/change/")
    assert page.status_code == 200
    assert 'name="email"' not in page.content.decode()
    assert client.post(f"{USERS}{root.pk}/change/", {"name": "Mine now"}).status_code == 403
    assert client.get(f"{USERS}{root.pk}/password/").status_code == 403
    assert client.get(f"{USERS}{root.pk}/delete/").status_code == 403


def test_an_administrator_cannot_make_a_superuser(client, administrator):
    client.post(f"{USERS}add/", new_user(is_superuser="on", is_staff="on") | role_rows())
    user = User.objects.get(email="ola@example.org")
    assert not user.is_superuser
    assert not user.is_staff


def test_nobody_deletes_their_own_account(client, administrator):
    assert client.get(f"{USERS}{administrator.pk}/delete/").status_code == 403


@pytest.mark.parametrize("role", ["lead", "officer", "project_lead", "secretary", "member"])
def test_only_administrators_see_users(client, role):
    client.force_login(factories.user(role))
    assert client.get(USERS, follow=True).status_code == 403


@pytest.mark.parametrize("role", ["project_lead", "secretary", "member"])
def test_the_register_of_people_is_for_the_engagement_team(client, role):
    factories.person("Canary Person")
    client.force_login(factories.user(role))
    assert client.get("/admin/people/person/", follow=True).status_code == 403


def test_the_list_of_users_says_what_each_may_do(client, administrator):
    factories.user("officer", factories.area("West Essex"), name="Ola")
    page = client.get(USERS).content.decode()
    assert "engagement officer (West Essex)" in page


def test_the_list_of_users_cannot_be_narrowed_by_password(client, administrator):
    assert client.get(USERS, {"password__startswith": "p"}).status_code in {302, 400}


def test_an_organisation_is_found_by_its_other_name(client):
    client.force_login(factories.user("lead"))
    trust = factories.organisation("Princess Alexandra Hospital")
    trust.aliases.create(name="PAH")
    page = client.get(reverse("admin:people_organisation_changelist"), {"q": "PAH"})
    assert list(page.context["cl"].result_list) == [trust]


def test_a_change_in_the_admin_is_audited(client):
    lead = factories.user("lead")
    client.force_login(lead)
    fields = {"name": "carers", "kind": "carer"}
    client.post(reverse("admin:people_populationgroup_add"), fields)
    event = AuditEvent.objects.get(subject_type="people.populationgroup")
    assert (event.verb, event.subject, event.actor_id) == ("added", "carers", lead.pk)
    assert LogEntry.objects.get().object_repr == "carers"


def test_the_page_of_a_user_says_how_they_sign_in_and_leads_to_the_password(client, administrator):
    user = factories.user("officer")
    text = client.get(f"{USERS}{user.pk}/change/").content.decode()
    assert "There is one." in text
    assert f'href="{USERS}{user.pk}/password/"' in text
    user.set_unusable_password()
    user.save()
    assert "None: signs in with a code." in client.get(f"{USERS}{user.pk}/change/").content.decode()


def test_a_new_address_replaces_the_old_one_for_signing_in(client, administrator):
    user = factories.user("officer")
    user.emailaddress_set.create(email=user.email, primary=True, verified=True)
    role = {"id": user.roles.get().pk, "user": user.pk, "name": "officer"}
    fields = {"name": user.name, "email": "New@example.org", "is_active": "on"}
    client.post(f"{USERS}{user.pk}/change/", fields | role_rows(role, initial=1))
    assert [(row.email, row.primary, row.verified) for row in user.emailaddress_set.all()] == [
        ("new@example.org", True, True)
    ]


def test_an_address_that_differs_only_in_capitals_is_refused(client, administrator):
    factories.user(email="ola@example.org")
    page = client.post(f"{USERS}add/", new_user() | role_rows())
    assert "Somebody already has this e-mail address" in page.content.decode()


@pytest.mark.parametrize(("residents", "is_doubted"), [("30000", True), ("250000", False), ("", False)])
def test_a_number_of_residents_that_is_unusual_for_the_level_is_doubted(client, residents, is_doubted):
    client.force_login(factories.user("lead"))
    factories.level_band("place", smallest=100_000, largest=500_000)
    data = {"name": "Harlow", "slug": "harlow", "level": "place", "population": residents}
    data |= {"population_source": "Census 2021", "aliases-TOTAL_FORMS": 0, "aliases-INITIAL_FORMS": 0}
    page = client.post("/admin/people/area/add/", data, follow=True)
    assert ("30,000 residents is an unusual number for a place" in page.content.decode()) == is_doubted
