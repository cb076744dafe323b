"""Gather the facts of an annual report from the record. Reads only; the same record gives the same facts."""

import calendar
import datetime
from collections import Counter, defaultdict

from django.conf import settings
from django.db.models import Prefetch
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.counts import ADDABLE, Count, Kind, total
from engagement.documents.placing import placer
from engagement.models import Activity, ActivityCount, Duty, Evidence, Rung
from forums.models import Forum, ForumLink
from insights.models import Status
from people.models import Area, Level, LevelBand, Organisation
from reporting.documents.commitments import commitments
from reporting.documents.facts import (
    AnnualFacts,
    Answer,
    Figure,
    ForumFacts,
    Gap,
    Item,
    Line,
    Pointer,
    Section,
    Texts,
)
from reporting.documents.maturity import maturity
from reporting.documents.prepared import prepared
from reporting.documents.shown import shown
from reporting.documents.voices import voices
from reporting.documents.words import day_in_words
from reporting.models import Report, StandingText

DUTY = "14Z45"
# What was done and looked at again is printed as done: the report counts what came of it, not how often it was checked.
PRINTED = [status for status in Status if status != Status.REVIEWED]


def gather(report: Report) -> AnnualFacts:
    """The facts of a report as the record stands now. The body's profile must be loaded."""
    period, body = report.period, Organisation.objects.body()
    edits = {edit.activity_id: edit for edit in report.items.all()}
    everything = list(_activities(period))
    left_out = [row for row in everything if row.pk in edits and edits[row.pk].is_left_out]
    activities = [row for row in everything if row not in left_out]
    place = placer(period.principle_set)
    whole = list(Area.objects.filter(level=Level.SYSTEM).values_list("name", flat=True))
    levels = LevelBand.objects.names()
    items, unplaced = [], []
    for activity in sorted(
        activities, key=lambda row: (edits[row.pk].order if row.pk in edits else 100, row.reference)
    ):
        number = place(activity.principle)
        if number is None:
            unplaced.append(Pointer(activity.reference, activity.title, activity.principle.number))
        else:
            items.append(_item(activity, number, place, edits.get(activity.pk), period, whole, levels))
    forums, other_forums = _forums(period)
    sections = [_section(principle, items, forums) for principle in period.principle_set.principles.order_by("number")]
    answers = [answer for item in items for answer in item.answers]
    return AnnualFacts(
        schema=AnnualFacts.SCHEMA,
        title=str(report),
        body=str(body or ""),
        short_name=(body.short_name or body.name) if body else "",
        period=str(period),
        first_day=day_in_words(period.starts_on),
        last_day=day_in_words(period.ends_on),
        duty=str(Duty.objects.filter(code__iexact=DUTY).first() or ""),
        wording=_wording(period.principle_set),
        texts=texts(report, body),
        sections=sections,
        unplaced=unplaced,
        activities=len(activities),
        forums=sum(len(section.forums) for section in sections) + len(other_forums),
        answers=[Line(str(status.label), sum(answer.status == status for answer in answers)) for status in PRINTED],
        took_part=figures(activities, ActivityCount.About.TOOK_PART),
        reached=figures(activities, ActivityCount.About.REACHED),
        by_principle=[
            Line(f"{section.number}. {section.short}", len(section.items), len(section.pointers))
            for section in sections
        ],
        by_place=_by_place(activities, levels),
        by_rung=_by_rung(activities),
        other_forums=other_forums,
        gaps=_gaps(items, sections, activities, [(row, edits[row.pk].left_out_because) for row in left_out]),
        coverage=shown(period),
        voices=voices(period),
        by_month=_by_month(activities, period),
        maturity=maturity(period),
        commitments=commitments(period),
        **prepared(report),
    )


def _activities(period):
    counts = Prefetch("counts", ActivityCount.objects.order_by("about", "pk"))
    return (
        Activity.objects.in_period(period)
        .select_related("principle__principle_set", "rung", "stage")
        .prefetch_related(
            counts,
            "areas",
            "forums",
            "groups",
            "methods",
            "sessions__method",
            "sessions__venue",
            "outputs",
            "impacts",
            "partner_links__organisation",
            "other_principle_links__principle",
            "responses__topic",
        )
        .order_by("reference")
    )


def _item(activity, number, place, edit, period, whole, levels) -> Item:
    """One activity as it is printed. `whole` names what a level of system means where no place is named."""
    counts = defaultdict(list)
    for row in activity.counts.all():
        counts[row.about].append(str(row.count))
    also = {place(link.principle) for link in activity.other_principle_links.all()} - {None, number}
    return Item(
        reference=activity.reference,
        title=(edit.title if edit else "") or activity.title,
        heading=activity.report_heading,
        principle=number,
        also=sorted(also),
        when=_when(activity, period),
        where=[area.name for area in activity.areas.all()] or (whole if activity.level == Level.SYSTEM else []),
        level=levels[activity.level] if activity.level else "",
        forums=[forum.name for forum in activity.forums.all()],
        partners=[_partner(link) for link in activity.partner_links.all()],
        groups=[group.name for group in activity.groups.all()],
        methods=[method.name for method in activity.methods.all()],
        rung=str(activity.rung or ""),
        stage=str(activity.stage or ""),
        reached=counts[ActivityCount.About.REACHED],
        took_part=counts[ActivityCount.About.TOOK_PART],
        sessions=_sessions(activity),
        outputs=[_output(output) for output in activity.outputs.all()],
        impacts=[f"{impact.statement} ({impact.get_kind_display()})" for impact in activity.impacts.all()],
        asked=activity.what_we_asked.strip(),
        told=activity.what_people_told_us.strip(),
        changed=activity.what_changed.strip(),
        paragraphs=paragraphs(edit.text) if edit else [],
        answers=[_answer(response) for response in sorted(activity.responses.all(), key=lambda row: row.pk)],
    )


def _answer(response) -> Answer:
    status = Status.DONE if response.is_done else Status(response.status)
    return Answer(
        reference=response.reference,
        topic=response.topic.name,
        you_said=response.you_said.strip(),
        we_did=response.we_did.strip(),
        status=status.value,
        status_label=str(status.label),
        reason=response.reason.strip(),
        url=f"{settings.SITE_URL}{response.get_absolute_url()}" if response.is_published else "",
    )


def _section(principle, items, forums) -> Section:
    number = principle.number
    return Section(
        number=number,
        wording=principle.wording,
        short=principle.short,
        items=_headings_together([item for item in items if item.principle == number]),
        pointers=[Pointer(item.reference, item.title, item.principle) for item in items if number in item.also],
        forums=forums.get(principle.pk, []),
    )


def _headings_together(items: list[Item]) -> list[Item]:
    """Items that share a heading stand where the first of them stands."""
    first = {}
    for position, item in enumerate(items):
        first.setdefault(item.heading or item.reference, position)
    return sorted(items, key=lambda item: first[item.heading or item.reference])


def _forums(period) -> tuple[dict[int, list[ForumFacts]], list[ForumFacts]]:
    """Forums by the principle that they give evidence for, and those that give none."""
    place = placer(period.principle_set)
    principles = {principle.number: principle.pk for principle in period.principle_set.principles.all()}
    rows = (
        Forum.objects.meeting_between(period.starts_on, period.ends_on)
        .select_related("kind", "area", "organisation")
        .prefetch_related(
            "aliases",
            Prefetch("links", ForumLink.objects.select_related("to_forum")),
            Prefetch("evidence", Evidence.objects.select_related("principle")),
        )
        .order_by("name")
    )
    by_principle, others = defaultdict(list), []
    for forum in rows:
        numbers = {place(row.principle) for row in forum.evidence.all()} - {None}
        if numbers:
            for number in sorted(numbers):
                by_principle[principles[number]].append(_forum(forum))
        else:
            others.append(_forum(forum))
    return by_principle, others


def _forum(forum) -> ForumFacts:
    return ForumFacts(
        name=forum.name,
        kind=forum.kind.name,
        purpose=forum.purpose.strip(),
        organisation=str(forum.organisation or ""),
        place=str(forum.area or ""),
        size=forum.size.text if forum.size else "",
        meets=forum.meets,
        chair=forum.chair,
        established=_since(forum.established_on),
        ages=_ages(forum),
        ties=[f"{link.get_kind_display()} {link.target}" for link in forum.links.all()],
        former_names=[alias.name for alias in forum.aliases.all()],
    )


def _since(day: datetime.date | None) -> str:
    """The month; the year alone for 1 January, which is what people type when they know only the year."""
    if day is None:
        return ""
    return str(day.year) if (day.month, day.day) == (1, 1) else date_format(day, "F Y")


def _ages(forum) -> str:
    youngest, oldest = forum.minimum_age, forum.maximum_age
    if youngest is None and oldest is None:
        return ""
    if oldest is None:
        return _("%(youngest)s and over") % {"youngest": youngest}
    return _("up to %(oldest)s") % {"oldest": oldest} if youngest is None else f"{youngest} to {oldest}"


def _partner(link) -> str:
    return (
        link.organisation.name
        if link.part == link.Part.PARTNER
        else f"{link.organisation.name} ({link.get_part_display()})"
    )


def _sessions(activity) -> list[str]:
    """In the order of their days, those without one last. A session of which nothing is known says nothing."""
    rows = sorted(activity.sessions.all(), key=lambda row: (row.held_on or datetime.date.max, row.pk))
    return [said for row in rows if (said := _session(row))]


def _session(session) -> str:
    parts = [str(session.method or ""), session.get_mode_display() if session.mode else ""]
    parts.append(str(session.venue or session.where))
    parts += [
        day_in_words(session.held_on),
        str(session.registered or ""),
        str(session.attended or ""),
    ]
    return ", ".join(str(part) for part in parts if part)


def _output(output) -> str:
    number = f"{output.number} × " if output.number else ""
    return f"{number}{output.title}" + (f" ({output.kind})" if output.kind else "")


def figures(activities, about) -> list[Figure]:
    """The numbers of the year: sums where a sum is honest, each number by itself where it would count people twice."""
    found: dict[str, list[tuple[str, Count]]] = defaultdict(list)
    for activity in activities:
        for row in activity.counts.all():
            if row.about == about:
                found[row.count.kind].append((activity.reference, row.count))
    figures = []
    for kind in Kind:
        rows = found.get(kind, [])
        if not rows:
            continue
        if kind in ADDABLE:
            summed = total([count for _reference, count in rows])
            text = summed.figure if summed else _("number not recorded")
            note = _("Somebody who took part twice is counted twice.") if len(rows) > 1 else ""
            figures.append(Figure(str(kind.label), text, len({reference for reference, _count in rows}), note))
        else:
            repeats = Counter(str(count) if count.note else count.figure for _reference, count in rows)
            figures += [Figure(str(kind.label), text, times, "") for text, times in repeats.items()]
    return figures


def _by_place(activities, levels) -> list[Line]:
    found, without = Counter(), Counter()
    for activity in activities:
        areas = list(activity.areas.all())
        found.update(area.pk for area in areas)
        if not areas:
            without[activity.level] += 1
    lines = [Line(area.name, found[area.pk]) for area in Area.objects.filter(level=Level.PLACE).order_by("name")]
    lines += [
        Line(area.name, found[area.pk])
        for area in Area.objects.filter(pk__in=found).exclude(level=Level.PLACE).order_by("name")
    ]
    lines += [Line(_level_alone(level, levels), without[level]) for level in Level if without[level]]
    return lines + ([Line(_("Not recorded"), without[""])] if without[""] else [])


def _level_alone(level: Level, levels: dict[str, str]) -> str:
    return (
        _("Whole area") if level == Level.SYSTEM else _("%(level)s, not named") % {"level": levels[level].capitalize()}
    )


def _by_rung(activities) -> list[Line]:
    found = Counter(activity.rung_id for activity in activities)
    lines = [Line(rung.name, found[rung.pk]) for rung in Rung.objects.order_by("ladder", "order")]
    return lines + ([Line(_("Not recorded"), found[None])] if found[None] else [])


def _by_month(activities, period) -> list[Line]:
    """The activities that took place within one month, month by month; the others are counted beside them."""
    months, longer, undated = Counter(), 0, 0
    for activity in activities:
        first, last = activity.starts_on or activity.ends_on, activity.ends_on or activity.starts_on
        if first is None:
            undated += 1
        elif (first.year, first.month) != (last.year, last.month) or activity.is_ongoing:
            longer += 1
        else:
            months[first.replace(day=1)] += 1
    lines = [Line(date_format(day, "F Y"), months[day]) for day in _months(period)]
    lines += [Line(_("Longer than a month"), longer)] if longer else []
    return lines + ([Line(_("Not recorded"), undated)] if undated else [])


def _months(period) -> list[datetime.date]:
    """The first day of each month of a period."""
    first = period.starts_on.year * 12 + period.starts_on.month - 1
    last = period.ends_on.year * 12 + period.ends_on.month - 1
    return [datetime.date(number // 12, number % 12 + 1, 1) for number in range(first, last + 1)]


def _gaps(items, sections, activities, left_out) -> list[Gap]:
    def gap(title, meaning, lacking):
        return Gap(title, meaning, len(items), [(item.reference, item.title) for item in items if lacking(item)])

    answers = [(item, answer) for item in items for answer in item.answers]
    named = {area.pk for activity in activities for area in activity.areas.all()}
    places = Area.objects.filter(level=Level.PLACE)
    return [
        gap(
            _("No number"),
            _("How many people were reached or took part is not recorded."),
            lambda item: not (item.reached or item.took_part),
        ),
        gap(
            _("No number of people who took part"),
            _("A reach may be recorded, but not how many people took part."),
            lambda item: not item.took_part,
        ),
        gap(
            _("No question"),
            _("What people were asked is not recorded."),
            lambda item: not (item.asked or item.paragraphs),
        ),
        gap(
            _("No impact"),
            _("Nothing is recorded as changed."),
            lambda item: not (item.changed or item.impacts or item.paragraphs),
        ),
        gap(_("No feedback"), _("People have had no “you said, we did” answer."), lambda item: not item.answers),
        Gap(
            _("Answers that are not public"),
            _("Written, but not on the public page."),
            len(answers),
            [(item.reference, answer.you_said) for item, answer in answers if not answer.url],
        ),
        Gap(
            _("Promises still open"),
            _("Promised or under way, not done."),
            len(answers),
            [
                (item.reference, answer.we_did)
                for item, answer in answers
                if answer.status in {Status.PROMISED, Status.UNDER_WAY}
            ],
        ),
        Gap(
            _("Principles with no activity of their own"),
            _("No activity fits them most."),
            len(sections),
            [(str(section.number), section.short) for section in sections if not section.items],
        ),
        Gap(
            _("Places with nothing of their own"),
            _("No activity names the place."),
            places.count(),
            [("", area.name) for area in places.order_by("name") if area.pk not in named],
        ),
        Gap(
            _("Left out of this report"),
            _("Activities of the period that the editors left out, and why."),
            len(activities) + len(left_out),
            [(row.reference, f"{row.title}: {because}") for row, because in left_out],
        ),
    ]


def texts(report, body) -> Texts:
    period = report.period
    known = {
        "body": str(body or ""),
        "short_name": (body.short_name or body.name) if body else "",
        "period": str(period),
        "first_day": day_in_words(period.starts_on),
        "last_day": day_in_words(period.ends_on),
        "email": body.email if body else "",
        "formats_contact": (body.formats_contact or body.email) if body else "",
    }
    texts = {}
    for row in StandingText.objects.filter(kind=report.kind):
        text = row.text
        for name, value in known.items():
            text = text.replace("{" + name + "}", value)
        texts[row.slot] = paragraphs(text)
    return Texts(**texts)


def paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.replace("\r\n", "\n").split("\n\n") if paragraph.strip()]


def _wording(principle_set) -> str:
    return f"{principle_set.name} ({principle_set.source})" if principle_set.source else principle_set.name


def _when(activity, period) -> str:
    """The dates as people say them. Whole months are named as months; a missing date is not made up."""
    first, last = activity.starts_on, activity.ends_on
    if first is None and last is None:
        return _("%(period)s, date not recorded") % {"period": period}
    if first == period.starts_on and last == period.ends_on:
        return _("throughout %(period)s") % {"period": period}
    months = (first is None or first.day == 1) and (
        last is None or last.day == calendar.monthrange(last.year, last.month)[1]
    )
    shown = "F Y" if months else "j F Y"
    if first is None:
        return _("until %(last)s") % {"last": date_format(last, shown)}
    start = date_format(first, shown)
    if last is None:
        return (_("since %(first)s") if activity.is_ongoing else _("from %(first)s, end not recorded")) % {
            "first": start
        }
    end = date_format(last, shown)
    return start if start == end else _("%(first)s to %(last)s") % {"first": start, "last": end}
