"""(9) The yearly review of the strategy by those it concerns: in the last quarter of the year (REP-019, PLN-013)."""

from django.utils.translation import gettext as _

from engagement.models import Period
from reporting.documents.quarter.facts import Section, Table
from reporting.documents.quarter.span import Span, address, evidence, row, table
from reporting.documents.words import day_in_words
from reporting.models import Plan, PlanReview


def section(span: Span, in_force: list[Plan]) -> Section:
    year = Period.objects.years().filter(starts_on__lte=span.last, ends_on__gte=span.last).first()
    strategies = [plan for plan in in_force if plan.kind == Plan.Kind.STRATEGY]
    if year is None or year.ends_on != span.last:
        return evidence("review", _next(strategies), [])
    reviews = PlanReview.objects.filter(plan__kind=Plan.Kind.STRATEGY, held_on__range=(year.starts_on, span.as_at))
    reviews = list(reviews.select_related("plan").prefetch_related("forums").order_by("held_on", "pk"))
    if reviews:
        said = [_("The strategy was looked at again with those whom it concerns.")]
    else:
        said = [_("No review of the strategy is recorded for this year. That is a finding.")]
    return evidence("review", [*said, *_dates(strategies)], [_table(reviews)])


def _next(strategies: list[Plan]) -> list[str]:
    """What stands here in the first three quarters of a year."""
    if not strategies:
        return [_("No strategy is recorded, so none can be reviewed. That is a finding.")]
    return [_("The strategy is reviewed once a year. The review is reported in the last quarter."), *_dates(strategies)]


def _dates(strategies: list[Plan]) -> list[str]:
    unknown = _("not recorded")
    return [
        _("Next review of %(plan)s: %(day)s.") % {"plan": plan, "day": day_in_words(plan.next_review_on) or unknown}
        for plan in strategies
    ]


def _table(reviews: list[PlanReview]) -> Table:
    columns = (
        _("Strategy"),
        _("On"),
        _("Who took part"),
        _("What goes well"),
        _("What could be better"),
        _("What has the best outcomes"),
        _("What changes"),
    )
    rows = [
        row(
            each.plan,
            day_in_words(each.held_on),
            "; ".join([each.contributors, *(forum.name for forum in each.forums.all())]),
            each.doing_well,
            each.do_better,
            each.best_outcomes,
            each.changes,
            url=address("plans:plan_detail", each.plan_id),
        )
        for each in reviews
    ]
    nothing = _("No review of the strategy is recorded for this year.")
    return table("reviews", _("Reviews of the strategy"), columns, rows, nothing)
