"""What a consultation came to: how responses came in, who was missing, what was done, who took part (REP-030).

Everything is as it is recorded on the day: a report before the last day says how far the consultation is. People by a
characteristic come from `who_took_part`, which makes their numbers safe.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from core.charts import Bar, bars
from core.pdf import render_pdf
from engagement.documents import clock
from engagement.documents.who_took_part import WhoTookPart, who_took_part
from engagement.models import Consultation, ResponseCount, Survey, SurveyResponse
from people.models import Organisation

WEEK = datetime.timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Week:
    """How many responses came in from one day to another, and how many had come in by then."""

    first: datetime.date
    last: datetime.date
    received: int
    so_far: int


@dataclass(frozen=True, slots=True)
class Timeline:
    """Responses to the surveys of a project, week by week of its consultation.

    `before` and `after` came outside its days. `without_day` were counted elsewhere: nobody noted when they came.
    Without a survey here (`has_survey`) there are no weeks: nobody can say that nothing came.
    """

    has_survey: bool
    weeks: tuple[Week, ...]
    before: int
    after: int
    without_day: int

    @property
    def is_more(self) -> bool:
        """Whether responses came that no week holds."""
        return bool(self.before or self.after or self.without_day)


@dataclass(frozen=True, slots=True)
class ConsultationReport:
    """The report. `people` is None where no activity holds the numbers, `timeline` before the days are fixed."""

    consultation: Consultation
    as_at: datetime.date
    is_over: bool
    length: clock.Length | None
    readiness: tuple[clock.Readiness, ...]
    routes: tuple[clock.RouteRead, ...]
    share: clock.Share
    timeline: Timeline | None
    people: WhoTookPart | None


def consultation_report(consultation: Consultation) -> ConsultationReport:
    """Gather the report of one consultation, in as many queries whatever came in."""
    today, last = timezone.localdate(), consultation.last_day
    routes = clock.read_by_route(consultation.project)
    return ConsultationReport(
        consultation,
        today,
        last is not None and last < today,
        clock.length(consultation),
        tuple(clock.readiness(consultation)),
        tuple(routes or ()),
        clock.share_of(routes),
        _timeline(consultation, today) if consultation.opens_on and last else None,
        who_took_part(consultation.activity) if consultation.activity else None,
    )


def _timeline(consultation: Consultation, today: datetime.date) -> Timeline:
    sent = SurveyResponse.objects.sent().filter(survey__activity__project=consultation.project)
    by_day = dict(sent.annotate(day=TruncDate("sent_at")).order_by().values_list("day").annotate(Count("pk")))
    elsewhere = ResponseCount.objects.filter(activity__project=consultation.project)
    first, last = consultation.opens_on, consultation.last_day
    has_survey = Survey.objects.filter(activity__project=consultation.project).exists()
    return Timeline(
        has_survey,
        tuple(_weeks(by_day, first, min(last, today))) if has_survey else (),
        sum(number for day, number in by_day.items() if day < first),
        sum(number for day, number in by_day.items() if day > last),
        sum(elsewhere.values_list("received", flat=True)),
    )


def _weeks(by_day: dict[datetime.date, int], first: datetime.date, last: datetime.date):
    """Weeks from the first day on; the last one may be shorter."""
    so_far = 0
    while first <= last:
        until = min(first + WEEK - datetime.timedelta(days=1), last)
        received = sum(number for day, number in by_day.items() if first <= day <= until)
        so_far += received
        yield Week(first, until, received, so_far)
        first += WEEK


def report_page(report: ConsultationReport, label: str) -> str:
    """The report as a page to be printed; `label` is what such an exercise is called."""
    context = {
        "report": report,
        "consultation": report.consultation,
        "project": report.consultation.project,
        "label": label,
        "picture": _picture(report.timeline),
        "body": Organisation.objects.body(),
    }
    return render_to_string("engagement/consultations/report_pdf.html", context)


def report_pdf(report: ConsultationReport, label: str) -> bytes:
    """The same as a tagged PDF. Raises core.pdf.PDFUnavailable where the machine cannot make one."""
    return render_pdf(report_page(report, label), stylesheets=("letter.css", "plan.css")).content


def _picture(timeline: Timeline | None) -> str:
    weeks = timeline.weeks if timeline else ()
    if not any(week.received for week in weeks):
        return ""
    rows = [Bar(date_format(week.last, "j F Y"), week.received) for week in weeks]
    return bars(_("Responses in the week up to the day"), rows, ident="weeks", is_printed=True)
