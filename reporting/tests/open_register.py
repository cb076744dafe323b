"""Rows for every table of the open register, and a small check of answers against an OpenAPI schema."""

import datetime
import re
from itertools import count

from django.core.files.base import ContentFile

from core.counts import parse_count
from engagement.models import Activity, Consultation, ConsultationDocument
from engagement.tests import factories as engagement
from engagement.tests import project_factories as projects
from forums.models import Forum, ForumAlias, Meeting
from forums.tests import factories as forums
from insights.models import Response
from insights.tests import factories as insights
from people.tests import factories as people
from reporting.documents.register import TABLES
from reporting.models import Build
from reporting.tests import factories

NAMES = [table.name for table in TABLES]
PUBLISHED = datetime.datetime(2024, 4, 12, 9, 0, tzinfo=datetime.UTC)


def address(name: str, ending: str = "json") -> str:
    return f"/open-data/{name}.{ending}"


def published_activity(**fields) -> Activity:
    number = people.following(Activity)
    says = {"purpose": "To hear.", "can_influence": "Labels.", "cannot_influence": "The law."}
    return engagement.activity(**says | {"slug": f"activity-{number}", "published_at": PUBLISHED} | fields)


def published_build(**fields) -> Build:
    """A published final version of the report of 2023–24, and replaced ones after it."""
    first = Build.objects.filter(status="final").first()
    if first is None:
        return factories.final_build(published_at=PUBLISHED, **fields)
    first.pk, first.version, first.status = None, first.version + people.following(Build), "superseded"
    first.save(force_insert=True)
    return first


def one_of_each() -> dict:
    """One more row in each table, tied to rows of its own."""
    number = people.following(Forum)
    place, group = people.area(f"Place {number}"), people.population_group(f"Group {number}")
    parent = forums.forum()
    forum = forums.forum(area=place, organisation=people.organisation(), parent=parent, size=parse_count("around 60"))
    ForumAlias.objects.create(forum=forum, name=f"Old name {number}")
    framework = engagement.principle_set(f"set-{number}", principles=2)
    activity = published_activity(
        areas=[place],
        forums=[forum],
        topics=[engagement.topic(f"Topic {number}")],
        groups=[group],
        methods=[engagement.method(f"method {number}")],
        principle=engagement.principle(1, of=framework),
        organisation=people.organisation(),
    )
    activity.other_principles.add(engagement.principle(2, of=framework))
    activity.partners.add(people.organisation())
    figure = engagement.activity_count(activity, "over 700 in the network")
    answer = insights.published_response(f"answer-{number}", activity=activity, topic=activity.topics.get())
    answer.groups.add(group)
    case = projects.project(stage="consultation")
    consultation = projects.consultation(case, opens=-30, activity=activity)
    document = consultation.documents.create(title="Full document", ready_on=consultation.opens_on, link="")
    meeting = forums.meeting(forum, is_public=True)
    meeting.joint_with.add(parent)
    build = published_build()
    return {
        **{"forum": forum, "framework": framework, "activity": activity, "figure": figure, "answer": answer},
        **{"project": case, "consultation": consultation, "document": document, "meeting": meeting, "build": build},
        **{"place": place, "group": group, "parent": parent},
    }


def publish_minutes(meeting: Meeting) -> None:
    meeting.minutes.save("minutes.pdf", ContentFile(b"%PDF"), save=False)
    meeting.minutes_published_at = PUBLISHED
    meeting.save()


def of(client, name: str, **query) -> dict:
    answer = client.get(address(name), query)
    assert answer.status_code == 200, answer.content
    return answer.json()


def rows_of(client, name: str) -> list[dict]:
    return of(client, name)["rows"]


def hide_everything() -> None:
    """Take back whatever was published, and make the rest internal."""
    Activity.objects.update(published_at=None, published_by=None)
    Response.objects.update(published_at=None, published_by=None)
    Meeting.objects.update(is_public=False)
    Build.objects.update(published_at=None, published_by=None)


def unready(consultation: Consultation) -> ConsultationDocument:
    return consultation.documents.create(title="Draft canary", file_format="easy_read", ready_on=None)


# Answers against their schema --------------------------------------------------------------------

_TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "null": type(None)}
_FORMATS = {
    "date": re.compile(r"\d{4}-\d{2}-\d{2}$"),
    "date-time": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$"),
    "uri": re.compile(r"https?://\S+$"),
}
_UNDERSTOOD = {
    *("type", "anyOf", "$ref", "properties", "required", "items", "enum", "format", "additionalProperties"),
    *("title", "description", "examples", "default"),
}


def differences(value, schema: dict, known: dict, where: str = "answer") -> list[str]:
    """Where a value is not what its JSON schema says. Knows what these schemas use, and refuses anything else."""
    assert set(schema) <= _UNDERSTOOD, set(schema) - _UNDERSTOOD
    if "$ref" in schema:
        return differences(value, known[schema["$ref"].rpartition("/")[2]], known, where)
    if "anyOf" in schema:
        found = [differences(value, each, known, where) for each in schema["anyOf"]]
        return [] if [] in found else found[0]
    if type(value) is not _TYPES[schema["type"]]:
        return [f"{where} is not {schema['type']}: {value!r}"]
    found = []
    if "enum" in schema and value not in schema["enum"]:
        found.append(f"{where} is none of {schema['enum']}: {value!r}")
    if "format" in schema and not _FORMATS[schema["format"]].match(value):
        found.append(f"{where} is no {schema['format']}: {value!r}")
    if schema["type"] == "array":
        for number, each in zip(count(), value):
            found += differences(each, schema["items"], known, f"{where}[{number}]")
    if schema["type"] == "object":
        assert schema["additionalProperties"] is False
        if set(value) != set(schema["properties"]) or set(schema["required"]) != set(value):
            found.append(f"{where} has {sorted(value)}, not {sorted(schema['properties'])}")
        for name in set(value) & set(schema["properties"]):
            found += differences(value[name], schema["properties"][name], known, f"{where}.{name}")
    return found
