"""The evidence for NHS England’s yearly assessment: principles, places, people, duties, and an index of records."""

from django.utils.translation import gettext_lazy as _

from reporting.documents.assessment.charts import charts
from reporting.documents.assessment.facts import AssessmentFacts
from reporting.documents.assessment.gathering import gather

# What may be commented on and written by hand, in the order of the pack.
SECTIONS: tuple[tuple[str, str], ...] = (
    ("questions", _("What a critical reader would ask")),
    ("principles", _("The principles, one by one")),
    ("difference", _("The difference made")),
    ("places", _("Consistency across places and neighbourhoods")),
    ("people", _("Who was heard, and who was not")),
    ("duties", _("Legal duties")),
    ("judged", _("How we were judged")),
    ("refused", _("What was refused")),
    ("index", _("Index of records")),
    ("method", _("How we count and where the facts come from")),
)

__all__ = ["SECTIONS", "AssessmentFacts", "charts", "gather"]
