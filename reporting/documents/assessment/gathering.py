"""Gather the facts of the evidence for NHS England’s assessment. Reads only; the same record gives the same facts."""

from django.utils.translation import gettext as _

from engagement.documents.coverage import coverage
from people.models import Organisation
from reporting.documents.annual import texts
from reporting.documents.assessment.difference import decisions, kinds_of_change, plans, promises
from reporting.documents.assessment.duties import duties, route
from reporting.documents.assessment.facts import AssessmentFacts
from reporting.documents.assessment.index import Index
from reporting.documents.assessment.judged import judged, refused
from reporting.documents.assessment.numbers import numbers
from reporting.documents.assessment.people import people
from reporting.documents.assessment.principles import local_sets, places, principles
from reporting.documents.assessment.questions import questions
from reporting.documents.assessment.record import Year
from reporting.documents.prepared import prepared
from reporting.documents.sections import texts_of
from reporting.documents.words import day_in_words
from reporting.models import Report


def gather(report: Report) -> AssessmentFacts:
    """The facts of a report as the record stands now. The number of queries is the same whatever the record holds."""
    period, body = report.period, Organisation.objects.body()
    found, year, index = coverage(period), Year(period), Index()
    activities = index.lines(_("Activities of the year"), year.activities)
    forums = index.lines(_("Forums of the year"), year.forums)
    shown = {
        "principles": principles(year, index),
        "places": places(year, found, index),
        "people": people(year, found, index),
        "duties": duties(year, index),
        "refused": refused(year, index),
    }
    kinds, answers = kinds_of_change(year, index), promises(year, index)
    return AssessmentFacts(
        schema=AssessmentFacts.SCHEMA,
        title=str(report),
        body=str(body or ""),
        short_name=(body.short_name or body.name) if body else "",
        period=str(period),
        first_day=day_in_words(period.starts_on),
        last_day=day_in_words(period.ends_on),
        as_at=day_in_words(found.as_at),
        wording=str(period.principle_set),
        edited=texts_of(report),
        activities=activities,
        forums=forums,
        planned=found.planned,
        questions=questions(year, index, **shown),
        local_sets=local_sets(found),
        kinds_of_change=kinds,
        decisions=decisions(year, index),
        promises=answers,
        plans=plans(year, index),
        route=route(report),
        judged=judged(year, index),
        texts=texts(report, body),
        numbers=numbers(year=(activities, forums), difference=(*kinds, *answers), **shown),
        index=index.records(),  # last: everything before it cites
        **shown,
        **prepared(report),
    )
