"""What the body's plans set out to do under each principle, and how far that was, for the annual report (REP-039)."""

from django.utils import timezone

from engagement.documents.placing import placer
from engagement.models import Period
from reporting.documents.facts import Commitment, Commitments
from reporting.documents.our_plans import public_activities
from reporting.documents.plans import progress_of, public_words
from reporting.documents.words import day_in_words
from reporting.models import Plan


def commitments(period: Period) -> Commitments:
    """Priority actions of public plans that were in force in the period, once under each principle they name.

    They are told as they stood on the last day of the period, or today while it goes on. A principle of another wording
    counts as the one of this wording that it became, unless its meaning changed. The number of queries is the same
    whatever there is.
    """
    on = min(period.ends_on, timezone.localdate())
    plans = list(Plan.objects.public().in_force(period.starts_on, period.ends_on).order_by("kind", "title"))
    if not plans:
        return Commitments(day_in_words(on))
    place, served = placer(period.principle_set), public_activities(plans)
    short = dict(period.principle_set.principles.values_list("number", "short"))
    rows, elsewhere = [], 0
    for found in progress_of(plans, on):
        for line in found.lines:
            named = [place(principle) for principle in line.priority.principles.all()]
            placed = sorted(set(named) - {None})
            elsewhere += bool(named and not placed)
            rows += [
                Commitment(
                    principle=number,
                    short=short[number],
                    plan=str(found.plan),
                    label=f"{line.priority.number}. {line.priority.text}",
                    state_words=public_words(line.state),
                    time=line.dates,
                    milestones=line.milestone_words,
                    references=sorted(activity.reference for activity in served[line.priority.pk]),
                )
                for number in placed
            ]
    return Commitments(day_in_words(on), sorted(rows, key=lambda row: row.principle), elsewhere)
