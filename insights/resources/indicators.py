"""The sheet of indicators: the Friends and Family Test and the like, one organisation and time to a row (INS-015)."""

import decimal
import re

from django.utils import timezone
from django.utils.translation import gettext as _

from core.columns import Coded, Column, One, Text, Whole, Wrong, parse_date
from core.resources import Plan, TableResource
from core.spreadsheets import fold, shorten
from insights.models import Indicator, IndicatorValue
from people.models import Organisation

MOST_ANSWERS = 100_000_000
NUMBER = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,20})?")


class Named(Column):
    """A column that is not called in the sheet what it is called here: `from` is a word of Python."""

    def __init__(self, name: str, attribute: str, **kwargs):
        super().__init__(attribute, **kwargs)
        self.column_name = name


class FirstDay(Named):
    """A day; of a month, its first."""

    def read(self, cell):
        return parse_date(cell).first

    def text(self, value):
        return value.isoformat() if value else ""


class LastDay(FirstDay):
    """A day; of a month, its last."""

    def read(self, cell):
        return parse_date(cell).last


class Percent(Column):
    """A percentage from 0 to 100, kept with two decimals: 87, 87.5 or 87.5%."""

    def read(self, cell):
        text = str(cell).strip().removesuffix("%").strip()
        value = decimal.Decimal(text) if NUMBER.fullmatch(text) else None
        if value is None or value > 100:
            problem = _("“%(value)s” is not a percentage from 0 to 100") % {"value": shorten(text)}
            raise Wrong(problem, _("Write a number like 87.5"))
        return value.quantize(decimal.Decimal("0.01"), decimal.ROUND_HALF_UP)

    def text(self, value):
        return "" if value is None else f"{value:.2f}"


class IndicatorResource(TableResource):
    """Values of indicators. A row is known by indicator, organisation, service and first day."""

    select_related = ("indicator", "organisation")

    indicator = Coded("indicator", Indicator, required=True)
    organisation = One("organisation", Organisation, required=True)
    service = Text("service")
    starts_on = FirstDay("from", "starts_on", required=True)
    ends_on = LastDay("to", "ends_on", required=True)
    percent = Percent("percent", required=True)
    answers = Whole("base", least=1, most=MOST_ANSWERS)
    collected_by = Text("collected_by")

    class Meta:
        model = IndicatorValue
        import_id_fields = ("indicator",)

    def key(self, values):
        if not all(values.get(name) for name in ("indicator", "organisation", "starts_on")):
            return None
        service = fold(values.get("service") or "")
        return values["indicator"].pk, values["organisation"].pk, service, values["starts_on"]

    def key_text(self, values, cells):
        return ", ".join(
            str(cells[name]) for name in ("indicator", "organisation", "service", "starts_on") if cells.get(name)
        )

    def index(self):
        rows = IndicatorValue.objects.values_list("pk", "indicator", "organisation", "service", "starts_on")
        return {(indicator, organisation, fold(service), day): pk for pk, indicator, organisation, service, day in rows}

    def complete(self, plan: Plan) -> None:
        """Look at the two days together."""
        first, last = plan.values.get("starts_on"), plan.values.get("ends_on")
        if first and last and last < first:
            wrong = Wrong(_("The last day is before the first day"), _("Write the later of the two under “to”"))
            self.wrong(plan, "ends_on", wrong, str(last))
        elif last and last > timezone.localdate():
            wrong = Wrong(_("The last day lies in the future"), _("Import a period once it is over"))
            self.wrong(plan, "ends_on", wrong, str(last))

    def _save(self, instance, names):
        instance.save(update_fields=[self.fields[name].attribute for name in names])
