"""Roles given and taken away."""

import pytest

from core.models import AuditEvent
from people.services import grant_role, revoke_role
from people.tests import factories

pytestmark = pytest.mark.django_db


def test_a_staff_role_lets_a_user_into_the_admin_and_is_audited():
    by, user, place = factories.user(), factories.user(), factories.area("West Essex")
    role = grant_role(user, "officer", by=by, area=place)
    user.refresh_from_db()
    assert user.is_staff
    assert str(role) == "User 2: engagement officer (West Essex)"
    event = AuditEvent.objects.get()
    assert (event.verb, event.actor_id, event.subject_id) == ("granted role", by.pk, str(user.pk))
    assert event.detail == {"role": "officer", "area": "West Essex"}


def test_giving_a_role_twice_is_harmless():
    user = factories.user()
    assert grant_role(user, "lead", by=None) == grant_role(user, "lead", by=None)
    assert AuditEvent.objects.count() == 1


def test_a_member_is_not_let_into_the_admin():
    user = factories.user()
    grant_role(user, "member", by=None)
    user.refresh_from_db()
    assert not user.is_staff


def test_the_last_staff_role_taken_away_shuts_the_admin():
    user = factories.user("officer")
    revoke_role(user.roles.get(), by=None)
    user.refresh_from_db()
    assert not user.is_staff
    assert AuditEvent.objects.get().verb == "revoked role"


def test_a_superuser_without_roles_stays_in_the_admin():
    user = factories.superuser()
    grant_role(user, "member", by=None)
    user.refresh_from_db()
    assert user.is_staff
