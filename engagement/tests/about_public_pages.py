"""Published activities and consultations, and somebody who keeps answers, for tests of the public pages."""

import dataclasses
import datetime

from django.db import models
from django.urls import reverse

from engagement.documents.public_answers import Answer, Answers
from engagement.models import Activity, Consultation
from engagement.services import publication
from engagement.tests import factories
from engagement.tests import project_factories as projects
from people.tests import factories as people

SAID = {
    "purpose": "To hear from carers.",
    "can_influence": "The opening hours.",
    "cannot_influence": "The building, as it is leased.",
    "route_without_internet": "A paper form from any library.",
}


def published(title: str = "Carers walk in", *, by=None, summary: str = "", **fields) -> Activity:
    """An activity that everybody can read; live from ten days ago to ten days from now unless the fields say more."""
    days = {"starts_on": projects.in_days(-10), "ends_on": projects.in_days(10), "state": Activity.State.LIVE}
    row = factories.activity(title=title, **SAID | days | fields)
    return publication.publish_page(row, by=by or people.user("lead"), public_summary=summary)


def consultation(title: str = "Moving the clinic", *, opens: int = -5, stage: str = "consultation", **fields):
    """A consultation with a published activity; its project has got to the stage."""
    of_project = {name: fields.pop(name) for name in ("decision", "decided_on", "stopped_on") if name in fields}
    if "stopped_on" in of_project:
        of_project["stopped_because"] = "Money that is nobody else's business."
    row = projects.project(stage=stage, **of_project)
    activity = published(title, project=row, areas=fields.pop("areas", ()))
    return projects.consultation(row, opens=opens, activity=activity, **fields)


def address(name: str, row=None) -> str:
    """A public page by its name; `row` is an activity, a consultation or a place."""
    if isinstance(row, Consultation):
        row = row.activity
    return reverse(f"taking_part:{name}", args=[row.slug] if row else [])


def read(client, name: str, row=None, **filters) -> str:
    page = client.get(address(name, row), filters)
    assert page.status_code == 200
    return page.content.decode()


def answered(activity: Activity, *, came: str = "We open until eight.", promised_for: datetime.date | None = None):
    """What an app that keeps answers registers: one answer, to one activity."""
    answer = Answer("Evenings are better.", came, "Done", "/you-said-we-did/a-1/", promised_for)
    return publication.AnswerSource(
        read=lambda numbers: {activity.pk: Answers((answer,))} if activity.pk in numbers else {},
        answered=lambda: Activity.objects.filter(pk=activity.pk).values("pk"),
    )


def rows_in(value: object) -> list[models.Model]:
    """The rows of the database that can be reached from what a template was given."""
    if isinstance(value, models.Model):
        return [value]
    if isinstance(value, models.QuerySet):
        return list(value)
    if dataclasses.is_dataclass(value):
        value = [getattr(value, each.name) for each in dataclasses.fields(value)]
    return [row for each in value for row in rows_in(each)] if isinstance(value, (list, tuple)) else []
