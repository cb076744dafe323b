"""Nothing leaves the record by the open register but what its tables name; and it costs the same at any size."""

import re

import pytest
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from core.counts import CountField
from engagement.models import IssueRaised, Override, StageChange
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from engagement.tests.factories import YEAR
from forums.tests import factories as forums
from insights.models import Response
from insights.tests import factories as insights
from people.tests import factories as people
from reporting.models import immutable
from reporting.tests import factories
from reporting.tests.open_register import (
    NAMES,
    address,
    hide_everything,
    of,
    one_of_each,
    publish_minutes,
    unready,
)

pytestmark = pytest.mark.django_db

# What the register tells of each model, by field. A longer list is a decision: it needs a reason in the same commit.
TOLD = {
    "people.Area": {"name"},
    "people.PopulationGroup": {"name"},
    "people.Organisation": {"name"},
    "forums.ForumKind": {"name"},
    "forums.ForumAlias": {"name"},
    "forums.Forum": {"name", "purpose", "meets", "website"},
    "forums.Meeting": {"title", "venue", "access", "public_information"},
    "engagement.PrincipleSet": {"code", "name", "source"},
    "engagement.Principle": {"wording", "short"},
    "engagement.Topic": {"name"},
    "engagement.Method": {"name"},
    "engagement.Activity": {
        *("reference", "title", "public_summary", "purpose", "can_influence", "cannot_influence"),
        "route_without_internet",
    },
    "engagement.Consultation": {"proposal", "options", "preferred", "extended_because", "results_link"},
    "engagement.ConsultationDocument": {"title", "language", "link"},
    "insights.Response": {"reference", "you_said", "we_did", "reason"},
    "insights.StatusChange": {"note"},
    "reporting.Build": {"pdf_sha256"},
    "reporting.Snapshot": {"sha256"},
}
# Codes that an address or a key is made of.
KEYS = {"engagement.Period": {"code"}}


class Canaries:
    """A word for each text of each row, by which it is known again wherever it comes out."""

    def __init__(self):
        self.words: dict[str, tuple[str, str]] = {}

    def put_into(self, row: models.Model) -> None:
        """Fill every text of a row, without asking the row: what is told must not depend on what is in it."""
        values = {field.name: self._word(row, field) for field in row._meta.concrete_fields if _is_free(field)}
        type(row)._base_manager.filter(pk=row.pk).update(**values)

    def _word(self, row, field):
        word = f"cnry{len(self.words):04}x"
        self.words[word] = (row._meta.label, field.name)
        if isinstance(field, models.JSONField):
            return {"text": word}
        if isinstance(field, models.EmailField):
            return f"{word}@example.org"
        return f"https://{word}.example.org/" if isinstance(field, models.URLField) else word

    def seen_in(self, text: str) -> dict[str, set[str]]:
        """Which fields of which models a text tells."""
        found: dict[str, set[str]] = {}
        for word in set(re.findall(r"cnry\d{4}x", text)):
            label, name = self.words[word]
            found.setdefault(label, set()).add(name)
        return found


def _is_free(field) -> bool:
    kinds = (models.CharField, models.TextField, models.JSONField, models.FileField)
    return isinstance(field, kinds) and not isinstance(field, CountField) and not field.choices


def everything_told(client) -> str:
    answers = [client.get(address(name, ending)) for name in NAMES for ending in ("json", "csv")]
    answers += [client.get(url) for url in ("/open-data/", "/open-data/dictionary.csv", "/open-data/openapi.json")]
    return "\n".join(answer.content.decode() for answer in answers)


def world() -> list[models.Model]:
    """A public row of each table, and around it what belongs to staff and to members."""
    made = one_of_each()
    user = people.user("lead")
    person = people.member()
    activity, project, forum, meeting = (made[name] for name in ("activity", "project", "forum", "meeting"))
    type(activity).objects.filter(pk=activity.pk).update(owner=user, published_by=user, project=project)
    ended = {"stage": "review", "decided_on": YEAR[1], "decision": "x", "stopped_on": YEAR[1], "stopped_because": "x"}
    type(project).objects.filter(pk=project.pk).update(lead=user, **ended)
    publish_minutes(meeting)
    change = StageChange.objects.create(project=project, from_stage="idea", to_stage="formative", by=user)
    override = Override.objects.create(project=project, change=change, obstacles=["x"], senior="x", reason="x", by=user)
    consultation = made["consultation"]
    type(consultation).objects.filter(pk=consultation.pk).update(
        extended_to=consultation.closes_on.replace(year=consultation.closes_on.year + 1),
        extended_because="x",
        results_published_on=consultation.opens_on,
    )
    answer, build = made["answer"], made["build"]
    type(answer).objects.filter(pk=answer.pk).update(
        published_by=user, status="could_not", reason="x", responsible=activity.organisation
    )
    step = answer.status_changes.get()
    type(step).objects.filter(pk=step.pk).update(by=user)
    type(build).objects.filter(pk=build.pk).update(requested_by=user, published_by=user)
    rows = [*made.values(), user, person, change, override, step, build.snapshot, build.report.period]
    rows += [
        *(activity.organisation, *activity.partners.all(), activity.topics.get(), activity.methods.get()),
        *(activity.principle, forum.kind, forum.aliases.get(), forum.organisation),
        *(engagement.session(activity), engagement.impact(activity)),
        *(forums.membership(forum, person), forums.attendance(meeting, person), forums.board_question(forum, person)),
        engagement.evidence(activity.principle, activity=activity),
        IssueRaised.objects.create(activity=activity, summary="x"),
        meeting.agenda.create(number=1, title="x"),
        forum.terms.create(version="1", text="x"),
    ]
    return rows


def test_the_register_tells_what_its_tables_name_and_nothing_else(client):
    immutable.lift()  # words are put into final versions too
    canaries = Canaries()
    for row in world():
        canaries.put_into(row)
    told = canaries.seen_in(everything_told(client))
    assert told == {**TOLD, **KEYS}


def test_what_is_not_published_leaves_no_trace(client):
    immutable.lift()  # words are put into final versions too
    canaries = Canaries()
    for row in world():
        canaries.put_into(row)
    hide_everything()
    told = canaries.seen_in(everything_told(client))
    still = {"forums.Forum", "forums.ForumKind", "forums.ForumAlias", "people.Area", "people.Organisation"}
    assert set(told) == still | {"engagement.PrincipleSet", "engagement.Principle"}


def test_drafts_beside_published_rows_leave_no_trace(client):
    made = one_of_each()
    draft = engagement.activity("canary-activity", title="Canary", forums=[made["forum"]])
    engagement.activity_count(draft, "4321 canaries")
    insights.response("canary-answer", activity=made["activity"], you_said="Canary words")
    projects.consultation(projects.project(title="Canary"), opens=-5, activity=draft, proposal="Canary proposal")
    unready(made["consultation"])
    forums.meeting(made["forum"], title="Canary meeting")
    forums.meeting(made["forum"], title="Canary draft", is_public=True, status="draft")
    factories.finished_build(pdf=b"canary")
    text = everything_told(client).lower()
    assert "canar" not in text
    assert "4321" not in text
    for name in set(NAMES) - {"forums", "principle_sets", "principles"}:
        assert of(client, name)["total"] == 1, name


def test_money_and_days_of_staff_are_not_told(client):
    activity = one_of_each()["activity"]
    type(activity).objects.filter(pk=activity.pk).update(budget="98761.23", cost="98762.34", staff_days="9876.5")
    assert "9876" not in everything_told(client)


def test_the_guard_is_alive(client, monkeypatch):
    """With everything taken as public, the drafts come out: the tests above would see them."""
    one_of_each()
    insights.response("canary-answer", you_said="Canary words")
    monkeypatch.setattr(type(Response.objects.all()), "public", lambda self: self)
    assert b"Canary words" in client.get(address("you_said_we_did", "csv")).content


# What it costs -----------------------------------------------------------------------------------


def queries(client) -> dict[str, int]:
    found = {}
    for url in [address(name, ending) for name in NAMES for ending in ("json", "csv")] + ["/open-data/"]:
        with CaptureQueriesContext(connection) as context:
            assert client.get(url, {"page_size": 500} if url.endswith("json") else None).status_code == 200
        found[url] = len(context)
    return found


def test_a_hundred_rows_take_no_more_queries_than_ten_or_one(client):
    one_of_each()
    client.get(address("forums"))  # the first answer enters the address in the list of those who ask
    one = queries(client)
    for _number in range(9):
        one_of_each()
    ten = queries(client)
    for _number in range(90):
        one_of_each()
    hundred = queries(client)
    assert of(client, "activities")["total"] == of(client, "final_reports")["total"] == 100
    assert one == ten == hundred
    assert max(one.values()) <= 20
