"""The sheet of activities, and the principles that the sheet of forums names."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.columns import (
    Choice,
    Coded,
    Column,
    Several,
    Span,
    Text,
    Wrong,
    YesNo,
    parse_date,
    read_count,
    several,
    wrong_from,
)
from core.counts import Kind
from core.resources import Plan, TableResource
from core.spreadsheets import fold
from engagement.models import Activity, ActivityCount, Evidence, Method, Period, Principle, Rung, Stage, Topic
from engagement.services import Framework
from forums.models import Forum
from forums.resources import ForumResource
from people.models import Area, Level, Organisation, PopulationGroup


def read_number(text: str) -> int:
    """The number of a principle. Raises Wrong."""
    if text.isascii() and text.isdigit() and len(text) <= 3:
        return int(text)
    raise Wrong(
        _("“%(value)s” is not the number of a principle") % {"value": text},
        _("Write a number such as 1, or several with a semicolon: 1;7"),
        text,
    )


class Numbers(Column):
    """Principles by their number. Which wording the number means is known when the dates are."""

    empty = ()

    def read(self, cell):
        return tuple(read_number(part) for part in several(cell))

    def text(self, value):
        return "; ".join(str(principle.number) for principle in value)


class ThePrinciple(Numbers):
    """The one principle that an activity fits most."""

    empty = None

    def read(self, cell):
        numbers = super().read(cell)
        if len(numbers) != 1:
            raise Wrong(
                _("“%(value)s” names several principles") % {"value": cell},
                _("Write the one that fits most, and the others into the column other_principles"),
            )
        return numbers[0]

    def text(self, value):
        return str(value.number) if value else ""


class OtherPrinciples(Numbers, Several):
    """The principles that an activity supports besides."""

    def __init__(self, attribute):
        super().__init__(attribute, Principle)

    def prepare(self, resource):
        Column.prepare(self, resource)


class Claims(Numbers):
    """The principles that a forum claims to support. The sheet adds claims; people, in the admin, take one away."""

    is_related = True

    def current(self, instance):
        return tuple(sorted((row.principle for row in instance.evidence.all()), key=lambda each: each.number))

    def same(self, old, new):
        return {each.pk for each in new} <= {each.pk for each in old}

    def write(self, changes):
        held = set(
            Evidence.objects.filter(forum__in=[forum for forum, _value in changes]).values_list("forum", "principle")
        )
        Evidence.objects.bulk_create(
            Evidence(forum=forum, principle=principle)
            for forum, value in changes
            for principle in value
            if (forum.pk, principle.pk) not in held
        )


class ForumWithPrincipleResource(ForumResource):
    """Forums with the principles that they claim to support, in the wording of the period in which they were set up."""

    prefetch_related = (*ForumResource.prefetch_related, "evidence__principle")

    principle = Claims()

    class Meta:
        model = Forum
        import_id_fields = ("name",)

    def before(self, plans):
        super().before(plans)
        self.framework = Framework()

    def complete(self, plan: Plan) -> None:
        super().complete(plan)
        numbers = plan.values.pop("principle", ())
        if not numbers:
            return
        established = plan.values.get("established", plan.instance and plan.instance.established_on)
        period = self.framework.period_at(established)
        try:
            plan.values["principle"] = tuple(
                self.framework.principle(number, starts_on=None, ends_on=None, period=period) for number in numbers
            )
        except ValidationError as error:
            self.wrong(plan, "principle", wrong_from(error), "; ".join(map(str, numbers)))


class DayOrMonth(Column):
    """A date that may be known to the month only."""

    def __init__(self, attribute, *, last: bool = False):
        super().__init__(attribute)
        self.last = last

    def read(self, cell):
        return parse_date(cell)

    def text(self, value):
        return value.isoformat() if value else ""


class Hidden(Column):
    """A value that follows from other columns."""

    hidden = True

    def text(self, value):
        return str(value or "")


class Counts(Column):
    """The numbers of an activity that came from a sheet: those without a channel and a source."""

    is_related = True
    empty = ()

    def __init__(self, about, kind):
        super().__init__()
        self.about, self.kind = about, kind

    def read(self, cell):
        if isinstance(cell, datetime.date):
            read_count(cell, kind=self.kind, most=0)
        found, wrong = [], Wrong()
        for part in several(cell):
            try:
                found.append(read_count(part, kind=self.kind, most=ActivityCount._meta.get_field("figure").max_length))
            except Wrong as error:
                wrong.entries += error.entries
        if wrong.entries:
            raise wrong
        return tuple(count for count in found if count)

    def _rows(self, activity):
        rows = [row for row in activity.counts.all() if row.about == self.about and not row.channel and not row.source]
        return sorted(rows, key=lambda row: row.pk)

    def current(self, instance):
        return tuple(row.figure for row in self._rows(instance))

    def same(self, old, new):
        return [count.text for count in old] == [count.text for count in new]

    def text(self, value):
        return "; ".join(count.text for count in value)

    def write(self, changes):
        gone = [
            row.pk for activity, _value in changes if activity in self.resource.existing for row in self._rows(activity)
        ]
        ActivityCount.objects.filter(pk__in=gone).delete()
        rows = [
            ActivityCount(activity=activity, about=self.about, figure=count)
            for activity, value in changes
            for count in value
        ]
        for row in rows:
            row.kind = row.count.kind
        ActivityCount.objects.bulk_create(rows)


class ActivityResource(TableResource):
    """Activities by reference."""

    select_related = ("principle", "rung", "stage", "period")
    prefetch_related = ("other_principles", "topics", "areas", "forums", "partners", "methods", "groups", "counts")

    reference = Text("reference", required=True)
    title = Text("title", required=True)
    nature = Choice("nature", Activity.Nature)
    principle = ThePrinciple("principle", required=True)
    other_principles = OtherPrinciples("other_principles")
    topics = Several("topics", Topic, new=True)
    report_heading = Text("report_heading")
    forum = Several("forums", Forum)
    level = Choice("level", Level)
    place = Several("areas", Area)
    start = DayOrMonth("starts_on")
    end = DayOrMonth("ends_on", last=True)
    ongoing = YesNo("is_ongoing")
    date_precision = Hidden("date_precision")
    period = Coded("period", Period)
    late_reason = Text("late_reason")
    methods = Several("methods", Method, new=True)
    partners = Several("partners", Organisation, new=True, refuse_near=True)
    groups_heard = Several("groups", PopulationGroup, new=True)
    people_reached = Counts(ActivityCount.About.REACHED, Kind.REACH)
    people_took_part = Counts(ActivityCount.About.TOOK_PART, Kind.TOOK_PART)
    ladder_rung = Coded("rung", Rung)
    cycle_stage = Coded("stage", Stage)
    what_we_asked = Text("what_we_asked", long=True)
    what_people_told_us = Text("what_people_told_us", long=True)
    what_changed = Text("what_changed", long=True)

    class Meta:
        model = Activity
        import_id_fields = ("reference",)

    def key(self, values):
        return fold(values["reference"]) if values.get("reference") else None

    def key_text(self, values, cells):
        return values.get("reference") or str(cells["reference"])

    def index(self):
        return {fold(reference): pk for reference, pk in Activity.objects.values_list("reference", "pk")}

    def before(self, plans):
        self.framework = Framework()

    def complete(self, plan: Plan) -> None:
        if not plan.is_new:
            plan.values.pop("reference", None)  # an activity keeps the reference as it was first written
        has_dates = self._set_dates(plan)
        if has_dates:
            self._set_principles(plan)
            self._check_lock(plan)
        else:
            plan.values.pop("principle", None)
            plan.values.pop("other_principles", None)

    def _value(self, plan: Plan, name: str):
        """The value that the row gives or, where the sheet lacks the column, that is recorded."""
        if name in plan.values:
            return plan.values[name]
        column = self.fields[name]
        return column.empty if plan.is_new else column.current(plan.instance)

    def _set_dates(self, plan: Plan) -> bool:
        """Turn the cells into days, and say how exact they are. False when a date is wrong."""
        if any(problem.column in {"start", "end"} for problem in plan.problems):
            return False
        start, end = plan.values.get("start"), plan.values.get("end")
        if isinstance(start, Span):
            plan.values["start"] = start.first
            if not start.is_day and end is None and not self._value(plan, "ongoing"):
                plan.values["end"] = start.last
        if isinstance(end, Span):
            plan.values["end"] = end.last
        self._set_precision(plan, [span for span in (start, end) if isinstance(span, Span)])
        return self._check_dates(plan)

    def _set_precision(self, plan: Plan, spans: list[Span]) -> None:
        if any(not span.is_day for span in spans):
            plan.values["date_precision"] = Activity.Precision.MONTH
        elif plan.is_new or any(
            name in plan.values and plan.values[name] != self.fields[name].current(plan.instance)
            for name in ("start", "end")
        ):
            plan.values["date_precision"] = Activity.Precision.DAY

    def _check_dates(self, plan: Plan) -> bool:
        starts_on, ends_on, ongoing, period = (
            self._value(plan, name) for name in ("start", "end", "ongoing", "period")
        )
        if starts_on and ends_on and ends_on < starts_on:
            words = {"start": date_format(starts_on, "j F Y"), "end": date_format(ends_on, "j F Y")}
            self.wrong(
                plan,
                "end",
                Wrong(
                    _("It ends on %(end)s, before it starts on %(start)s") % words,
                    _("Exchange the two dates, or correct one"),
                ),
                words["end"],
            )
            return False
        if ongoing and (ends_on or not starts_on):
            self.wrong(
                plan,
                "ongoing",
                Wrong(
                    _("An activity that is still going on has a first day and no last day"),
                    _("Give a start and empty the end, or write “no”"),
                ),
            )
        if not (period or starts_on or ends_on):
            self.wrong(
                plan,
                "start",
                Wrong(
                    _("The row gives no date and no period, so no report would show it"),
                    _("Write its first day, or the period it belongs to in the column “period”, for example 2023-24"),
                ),
            )
        if period and (starts_on or ends_on):
            self.wrong(
                plan,
                "period",
                Wrong(_("The row gives dates and a period"), _("Empty the period: the dates decide it")),
                str(period.code),
            )
        return True

    def _set_principles(self, plan: Plan) -> None:
        """Turn the numbers into principles, in the wording of the period that the dates fall into."""
        dates = {
            "starts_on": self._value(plan, "start"),
            "ends_on": self._value(plan, "end"),
            "period": self._value(plan, "period"),
        }
        day = dates["ends_on"] or dates["starts_on"]
        given = {name: plan.values.pop(name) for name in ("principle", "other_principles") if name in plan.values}
        if self.framework.period_of(**dates) is None:
            column = "end" if dates["ends_on"] else "start" if day else "principle"
            self.wrong(plan, column, wrong_from(self.framework.no_period(day)), str(day or ""))
            return
        if "principle" in given:
            self._look_up(plan, "principle", (given["principle"],), dates)
            plan.values |= {"principle": plan.values["principle"][0]} if "principle" in plan.values else {}
        if "other_principles" in given:
            self._look_up(plan, "other_principles", given["other_principles"], dates)
            main = self._value(plan, "principle")
            plan.values |= {
                "other_principles": tuple(each for each in plan.values.get("other_principles", ()) if each != main)
            }

    def _look_up(self, plan: Plan, name: str, numbers: tuple[int, ...], dates: dict) -> None:
        try:
            plan.values[name] = tuple(self.framework.principle(number, **dates) for number in numbers)
        except ValidationError as error:
            self.wrong(plan, name, wrong_from(error), "; ".join(map(str, numbers)))

    def _check_lock(self, plan: Plan) -> None:
        """A locked period takes a new or changed row only with a reason, which the row or the whole import gives."""
        before = () if plan.is_new else (plan.instance.starts_on, plan.instance.ends_on, plan.instance.period)
        now = tuple(self._value(plan, name) for name in ("start", "end", "period"))
        locked = self.framework.locked(*now) or (before and self.framework.locked(*before))
        if not locked or plan.problems or not self._differs(plan):
            return
        if not self._value(plan, "late_reason"):
            if not self.late_reason:
                problem = _("The period %(period)s is locked, and takes late entries only with a reason") % {
                    "period": locked
                }
                fix = _("Give the reason on the import page, or in a column called late_reason")
                self.wrong(
                    plan,
                    "start" if now[0] else "end" if now[1] else "period",
                    Wrong(problem, fix),
                    str(now[0] or now[1] or locked.code),
                )
            else:
                plan.values["late_reason"] = self.late_reason

    def _differs(self, plan: Plan) -> bool:
        if plan.is_new:
            return True
        return any(
            not self.fields[name].same(self.fields[name].current(plan.instance), value)
            for name, value in plan.values.items()
        )
