"""Everything that staff see of one activity, read in a fixed number of queries whatever it holds."""

from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Bar, bars
from engagement.documents.change import Change, change_of
from engagement.models import Activity, ActivityCount, Aim, Channel, Evaluation, Session, SurveyResponse
from people.models import Venue

PREFETCH = (
    *("areas", "topics", "groups", "methods", "forums", "other_principles"),
    *("counts__channel", "sessions__venue", "sessions__method", "sessions__host"),
    *("shares", "measures", "response_counts", "impacts__verified_by", "outputs", "issues__organisation", "surveys"),
    *("aims__groups", "partner_links__organisation", "partner_links__groups"),
)
SELECT = ("principle__principle_set", "rung", "planned_rung", "stage", "period", "organisation", "owner", "project")


@dataclass(frozen=True, slots=True)
class Held:
    """A session with what somebody has to know about its venue, in words."""

    session: Session
    access: str


@dataclass(frozen=True, slots=True)
class Responses:
    """Responses by one route: how many came, and how many of them a named person has read."""

    route: str
    received: int
    read: int


@dataclass(frozen=True, slots=True)
class AgainstAim:
    """An aim with how much of it was reached, in whole per cent rounded down; None without a result."""

    aim: Aim
    percent: int | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    activity: Activity
    evaluation: Evaluation | None
    took_part: list[ActivityCount]
    reach: list[tuple[str, list[ActivityCount]]]
    sessions: list[Held]
    responses: list[Responses]
    aims: list[AgainstAim]
    chart: SafeString | str
    changes: list[Change]


def activity_page(activity: Activity) -> ActivityPage:
    """The page of an activity that was read with SELECT and PREFETCH."""
    counts = list(activity.counts.all())
    aims = [_against(aim) for aim in activity.aims.all()]
    return ActivityPage(
        activity=activity,
        evaluation=Evaluation.objects.filter(activity=activity).select_related("by").first(),
        took_part=[row for row in counts if row.about == ActivityCount.About.TOOK_PART],
        reach=_reach([row for row in counts if row.about == ActivityCount.About.REACHED]),
        sessions=[Held(session, access_of(session.venue)) for session in activity.sessions.all()],
        responses=_responses(activity),
        aims=aims,
        chart=_chart(aims),
        changes=[change_of(measure) for measure in activity.measures.all()],
    )


def _reach(counts: list[ActivityCount]) -> list[tuple[str, list[ActivityCount]]]:
    """Reach by whom its channel belongs to. Figures of one class stand side by side and are never added (ENG-021)."""
    found = [
        (str(label), [row for row in counts if row.channel and row.channel.belongs == value])
        for value, label in Channel.Class.choices
    ]
    found.append((_("channel not recorded"), [row for row in counts if row.channel is None]))
    return [(label, rows) for label, rows in found if rows]


def access_of(venue: Venue | None) -> str:
    """The access facts that are known of a venue, and when somebody last looked: "step-free: yes (…)"."""
    if venue is None:
        return ""
    known = [
        f"{venue._meta.get_field(name).verbose_name}: {getattr(venue, f'get_{name}_display')()}"
        for name in Venue.FACTS
        if getattr(venue, name)
    ]
    return "; ".join(known) or _("access not recorded")


def _responses(activity: Activity) -> list[Responses]:
    """Counts that were typed, and answers to our own surveys, which are counted from their rows."""
    typed = [Responses(row.get_route_display(), row.received, row.read) for row in activity.response_counts.all()]
    ours = SurveyResponse.objects.sent().filter(survey__activity=activity).values("route").order_by("route")
    for row in ours.annotate(received=Count("pk"), read=Count("pk", filter=Q(read_at__isnull=False))):
        route = _("our survey, %(route)s") % {"route": SurveyResponse.Route(row["route"]).label}
        typed.append(Responses(route, row["received"], row["read"]))
    return typed


def _against(aim: Aim) -> AgainstAim:
    return AgainstAim(aim, None if aim.result is None else aim.result * 100 // aim.target)


def _chart(aims: list[AgainstAim]) -> SafeString | str:
    """Aims count unlike things, so each bar is a share of its own aim."""
    rows = [
        Bar(each.aim.measure, each.percent, max(0, 100 - each.percent)) for each in aims if each.percent is not None
    ]
    if not rows:
        return ""
    return bars(_("Results, as a percentage of each aim"), rows, ident="aims", first=_("reached"), second=_("missing"))
