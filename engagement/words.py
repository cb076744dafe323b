"""How the facts of an activity are said in words."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from engagement.models import Activity
from people.models import Level

QUARTERS = (_("January to March"), _("April to June"), _("July to September"), _("October to December"))


def when(activity: Activity) -> str:
    """The time of an activity, no more exact than it is known: "June 2023", "1 June 2023 to 4 July 2023"."""
    first, last = activity.starts_on or activity.ends_on, activity.ends_on or activity.starts_on
    if first is None:
        return str(activity.period or gettext("not recorded"))
    start, end = _said(first, activity.date_precision), _said(last, activity.date_precision)
    if activity.is_ongoing:
        return gettext("since %(date)s") % {"date": start}
    return start if start == end else gettext("%(start)s to %(end)s") % {"start": start, "end": end}


def where(activity: Activity) -> str:
    """The places of an activity. One at the level of the system without a place is about the whole area."""
    names = ", ".join(area.name for area in activity.areas.all())
    whole = gettext("the whole area") if activity.level == Level.SYSTEM else gettext("not recorded")
    return names or whole


def _said(day: datetime.date, precision: str) -> str:
    if precision == Activity.Precision.YEAR:
        return str(day.year)
    if precision == Activity.Precision.QUARTER:
        return f"{QUARTERS[(day.month - 1) // 3]} {day.year}"
    return date_format(day, "F Y" if precision == Activity.Precision.MONTH else "j F Y")
