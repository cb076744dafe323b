"""What involving people changed in an equality assessment (SVC-008), and what the assessment rests on (SVC-007)."""

import datetime
from dataclasses import dataclass
from enum import StrEnum

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from engagement.models import Activity, GroupImpact, ImpactAssessment, Project
from engagement.words import when
from people.models import User

TEXTS = ("eliminate", "advance", "foster", "inequalities", "information")
OF_A_GROUP = ("effect", "evidence", "barrier", "mitigation", "owner", "due_on")


class What(StrEnum):
    """What became of something between the two assessments. Each has a word, because colour alone says nothing."""

    ADDED = "added"
    GONE = "gone"
    CHANGED = "changed"
    SAME = "same"

    @property
    def word(self) -> str:
        return str(WORDS[self])

    @property
    def colour(self) -> str:
        return COLOURS[self]


WORDS = {
    What.ADDED: gettext_lazy("added"),
    What.GONE: pgettext_lazy("no longer in the assessment", "gone"),
    What.CHANGED: gettext_lazy("changed"),
    What.SAME: gettext_lazy("the same"),
}
COLOURS = {What.ADDED: "green", What.GONE: "red", What.CHANGED: "yellow", What.SAME: "grey"}


@dataclass(frozen=True, slots=True)
class Line:
    """One text, before and after; "" where there is none."""

    label: str
    before: str
    after: str

    @property
    def what(self) -> What:
        if self.before == self.after:
            return What.SAME
        return What.ADDED if not self.before else What.GONE if not self.after else What.CHANGED


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One group: what became of it, and those of its texts that differ, or all that it has when it came or went."""

    group: str
    what: What
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    texts: tuple[Line, ...]
    groups: tuple[GroupLine, ...]

    def number(self, what: What) -> int:
        return sum(row.what == what for row in (*self.texts, *self.groups))

    @property
    def summary(self) -> str:
        """How many texts and groups differ, and how: "2 added, 1 changed, 0 gone, 5 the same"."""
        return ", ".join(
            f"{self.number(what)} {what.word}" for what in (What.ADDED, What.CHANGED, What.GONE, What.SAME)
        )


def difference(before: ImpactAssessment, after: ImpactAssessment) -> Difference:
    """Every text and every group of two assessments of one project, groups by name."""
    texts = tuple(Line(_label(before, name), getattr(before, name), getattr(after, name)) for name in TEXTS)
    old, new = _impacts(before), _impacts(after)
    return Difference(texts, tuple(_group(name, old.get(name), new.get(name)) for name in sorted({*old, *new})))


def _impacts(assessment: ImpactAssessment) -> dict[str, GroupImpact]:
    return {row.group.name: row for row in assessment.impacts.select_related("group")}


def _group(name: str, old: GroupImpact | None, new: GroupImpact | None) -> GroupLine:
    row = old or new
    lines = [Line(_label(row, field), _said(old, field), _said(new, field)) for field in OF_A_GROUP]
    differing = tuple(line for line in lines if line.what != What.SAME)
    if old is None or new is None:
        return GroupLine(name, What.ADDED if old is None else What.GONE, differing)
    return GroupLine(name, What.CHANGED if differing else What.SAME, differing)


def _said(row: GroupImpact | None, field: str) -> str:
    if row is None:
        return ""
    if field == "effect":
        return str(row.get_effect_display())
    value = getattr(row, field)
    return date_format(value, "j F Y") if field == "due_on" and value else value or ""


def _label(row, field: str) -> str:
    label = str(row._meta.get_field(field).verbose_name)
    return label[:1].upper() + label[1:]


# Sources -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Source:
    """Something that the assessment can rest on: what it is, when it was, and where it is."""

    kind: str
    title: str
    when: str
    url: str


def sources(project: Project, user: User) -> list[Source]:
    """The activities of a project that the reader may see, then what “do we already know this?” found, each once."""
    activities = Activity.objects.for_user(user).filter(project=project).select_related("period")
    rows = [
        Source(_("activity"), row.title, when(row), reverse("engagement:activity_detail", args=[row.pk]))
        for row in activities.order_by("starts_on", "pk")
    ]
    kept = {(row.title, row.url): row for row in rows}
    for check in project.knowledge_checks.all():
        for each in check.found:
            row = Source(each["kind"], each["title"], _day_of(each["day"]), each["address"])
            kept.setdefault((row.title, row.url), row)
    return list(kept.values())


def _day_of(day: str) -> str:
    return date_format(datetime.date.fromisoformat(day), "j F Y") if day else _("not recorded")
