"""Values of figures that nobody can compute: somebody enters them, with where they come from (PLN-009)."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from engagement.models import Period
from people.models import User
from reporting.models import Kpi, KpiValue


@transaction.atomic
def set_value(
    kpi: Kpi, period: Period, *, by: User, numerator: Decimal, source: str, denominator: Decimal | None = None
) -> KpiValue:
    """Enter what a figure was in a period, or correct it. The same again changes nothing.

    Raises ValidationError for a figure that is computed, and for a period that has not begun or is locked.
    """
    kpi = Kpi.objects.select_for_update().get(pk=kpi.pk)
    _check(kpi, period, numerator, denominator)
    row = kpi.values.filter(period=period).first() or KpiValue(kpi=kpi, period=period)
    values = {"numerator": numerator, "denominator": denominator, "source": source.strip()}
    if row.pk and all(getattr(row, name) == value for name, value in values.items()):
        return row
    for name, value in values.items():
        setattr(row, name, value)
    row.by = by
    row.full_clean()
    is_new = row.pk is None
    row.save()
    words = "entered a value of a figure" if is_new else "corrected a value of a figure"
    audit.record(by, words, row, figure=kpi.code, period=period.code)
    return row


def _check(kpi: Kpi, period: Period, numerator: Decimal, denominator: Decimal | None) -> None:
    if kpi.measure:
        raise ValidationError(_("This figure is computed from the record. Correct the record instead"), code="computed")
    if kpi.frequency == Kpi.Frequency.YEAR and period.kind != Period.Kind.YEAR:
        raise ValidationError(_("This figure is for whole years. Choose a year"), code="yearly")
    if period.starts_on > timezone.localdate():
        raise ValidationError(_("This period has not begun. Choose an earlier one"), code="not_begun")
    if period.is_locked:
        raise ValidationError(_("This period is locked. Ask an administrator to open it first"), code="locked")
    if numerator < 0:
        raise ValidationError({"numerator": _("Enter a number of 0 or more")})
    if kpi.unit == Kpi.Unit.SHARE and denominator is None:
        raise ValidationError({"denominator": _("Enter out of how many it is")})
    if kpi.unit == Kpi.Unit.SHARE and denominator and numerator > denominator:
        raise ValidationError({"numerator": _("What is counted cannot be more than what it is out of")})
