"""The sheet of residents by characteristic: how many people of an area fall into each category, and by which source."""

from django.utils.translation import gettext as _

from core.columns import Column, Text, Whole, Wrong
from core.resources import Plan, TableResource
from core.spreadsheets import fold, shorten
from people.models import Area, PopulationBenchmark

MOST_RESIDENTS = 99_999_999


class AreaByCode(Column):
    """An area by its ONS code, like E07000073."""

    def prepare(self, resource):
        super().prepare(resource)
        self.areas: dict[str, list[Area]] = {}
        for area in Area.objects.exclude(code=""):
            self.areas.setdefault(fold(area.code), []).append(area)

    def read(self, cell):
        code = shorten(str(cell).strip())
        found = self.areas.get(fold(code), [])
        if not found:
            raise Wrong(
                _("No area has the code “%(code)s”") % {"code": code},
                _("Write a code that is recorded, or add it to its area in the admin first"),
                code,
            )
        if len(found) > 1:
            names = ", ".join(area.name for area in found)
            raise Wrong(
                _("More than one area has the code “%(code)s”: %(names)s") % {"code": code, "names": names},
                _("Correct the areas in the admin first"),
                code,
            )
        return found[0]

    def text(self, value):
        return value.code if value else ""


class AreaName(Column):
    """The name that the sheet gives the area: looked at, never written."""

    empty = ""

    def prepare(self, resource):
        super().prepare(resource)
        self.names = {fold(name): area.pk for name, area in Area.objects.by_name().items()}

    def read(self, cell):
        return " ".join(str(cell).split())

    def export(self, instance, **kwargs):
        return instance.area.name


class Characteristic(Text):
    """What is compared, as the equality questions name it: age_band."""

    def read(self, cell):
        text = super().read(cell)
        if not text.replace("_", "").replace("-", "").isalnum() or not text.isascii():
            raise Wrong(
                _("“%(value)s” is not the name of a characteristic") % {"value": shorten(text)},
                _("Use letters, digits and underscores, like age_band"),
            )
        return text


class PopulationResource(TableResource):
    """Residents by characteristic. A row is known by area, characteristic and category; the sheet takes none away.

    Source: the benchmark of ENG-023 and INC-020. Files of the Office for National Statistics have this shape.
    """

    select_related = ("area",)

    area_code = AreaByCode("area", required=True)
    area_name = AreaName()
    characteristic = Characteristic("characteristic", required=True)
    category = Text("category", required=True)
    residents = Whole("residents", most=MOST_RESIDENTS, required=True)
    source = Text("source", required=True)

    class Meta:
        model = PopulationBenchmark
        import_id_fields = ("area_code",)

    def key(self, values):
        area = values.get("area_code")
        if area is None or not values.get("characteristic") or not values.get("category"):
            return None
        return area.pk, values["characteristic"], values["category"]

    def key_text(self, values, cells):
        return " ".join(str(cells.get(name, "")) for name in ("area_code", "characteristic", "category"))

    def index(self):
        rows = PopulationBenchmark.objects.values_list("pk", "area", "characteristic", "category")
        return {(area, characteristic, category): pk for pk, area, characteristic, category in rows}

    def complete(self, plan: Plan) -> None:
        """A code beside the name of another area is a slip: the numbers would be compared with the wrong place."""
        name, area = plan.values.pop("area_name", ""), plan.values.get("area_code")
        if name and area and self.fields["area_name"].names.get(fold(name)) != area.pk:
            words = {"code": area.code, "area": area.name, "name": shorten(name)}
            self.wrong(
                plan,
                "area_name",
                Wrong(
                    _("The code %(code)s is that of %(area)s, not of “%(name)s”") % words,
                    _("Correct the code or the name"),
                ),
                name,
            )

    def _save(self, instance, names):
        instance.save(update_fields=[self.fields[name].attribute for name in names])
