"""The audit trail says who did what to which record, and outlives both."""

import pytest
from django.db import transaction

from core import audit
from core.models import AuditEvent
from people.tests import factories as people

pytestmark = pytest.mark.django_db


def test_an_event_says_who_did_what_to_which_record():
    lead, area = people.user("lead"), people.area("West Essex")
    event = audit.record(lead, "renamed", area, fields=["name"])

    event.refresh_from_db()
    assert (event.actor_id, event.actor, event.verb) == (lead.pk, str(lead), "renamed")
    assert (event.subject_type, event.subject_id, event.subject) == ("people.area", str(area.pk), "West Essex")
    assert event.detail == {"fields": ["name"]}
    assert str(event) == f"{event.at:%d %B %Y %H:%M}: {lead} renamed West Essex"


def test_what_nobody_did_was_done_by_the_system():
    event = audit.record(None, "asked for", people.area())

    assert (event.actor_id, event.actor, event.detail) == (None, "the system", {})


def test_a_long_name_of_a_record_is_cut_to_what_the_trail_holds():
    area = people.area("x" * 100)
    area.name = "x" * 400

    assert audit.record(None, "named", area).subject == "x" * 300


def test_an_event_outlives_the_actor_and_the_record():
    lead, area = people.user("lead"), people.area("West Essex")
    audit.record(lead, "closed", area)
    lead.delete()
    area.delete()

    assert AuditEvent.objects.get(verb="closed").subject == "West Essex"


def test_an_event_is_undone_with_the_change_it_describes():
    with transaction.atomic():
        audit.record(None, "tried", people.area())
        transaction.set_rollback(True)

    assert not AuditEvent.objects.exists()


def test_the_newest_event_comes_first():
    area = people.area()
    for verb in ("opened", "changed", "closed"):
        audit.record(None, verb, area)

    assert [event.verb for event in AuditEvent.objects.all()] == ["closed", "changed", "opened"]
