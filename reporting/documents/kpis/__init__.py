"""The figures that boards ask for: what is computed from the record, and what somebody enters (PLN-009, SUP-007).

Each measure stands with its words in the file of its subject. Importing the files, in the order in which figures are
shown, is what declares them.
"""

from reporting.documents.kpis import activities, answers, forums, insight, projects
from reporting.documents.kpis.figures import Meaning, Point, before, figure, figures, latest_period, meanings, trend
from reporting.documents.kpis.record import Asked
from reporting.documents.kpis.shape import MEASURES, MOST_RECORDS, Direction, Figure, Found, Group, Unit, in_unit

__all__ = [
    "MEASURES",
    "MOST_RECORDS",
    "Asked",
    "Direction",
    "Figure",
    "Found",
    "Group",
    "Meaning",
    "Point",
    "Unit",
    "activities",
    "answers",
    "before",
    "figure",
    "figures",
    "forums",
    "in_unit",
    "insight",
    "latest_period",
    "meanings",
    "projects",
    "trend",
]
