"""The quarterly assurance report: nine kinds of evidence, each computed from live records (REP-010 to REP-020).

`gathering` puts together what a file for each subject finds; `facts` is the shape of it, `charts` its pictures.
"""

from reporting.documents.quarter.charts import charts
from reporting.documents.quarter.facts import SECTIONS, QuarterFacts
from reporting.documents.quarter.gathering import gather

__all__ = ["SECTIONS", "QuarterFacts", "charts", "gather"]
