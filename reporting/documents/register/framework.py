"""The open register: the principles that engagement is judged by, in each wording."""

from django.utils.translation import gettext_lazy as _

from engagement.models import Principle, PrincipleSet
from reporting.documents.register.shape import Column, Table, Type

SOURCE = _("the documents that published the principles, as the body loaded them")

PRINCIPLE_SETS = Table(
    name="principle_sets",
    title=_("Sets of principles"),
    description=_("Each wording of the principles, national and local, with the time in which it is in force."),
    source=SOURCE,
    rows=lambda: PrincipleSet.objects.order_by("code"),
    columns=(
        Column("code", Type.CODE, _("key of the set"), "nhse-2022", is_always_there=True),
        Column("name", Type.TEXT, _("name of the set"), "Ten principles of 2022", is_always_there=True),
        Column(
            "kind",
            Type.CODE,
            _("national, or the body’s own"),
            "national",
            codes=PrincipleSet.Kind,
            is_always_there=True,
        ),
        Column(
            "document",
            Type.TEXT,
            _("the document that published it"),
            "Working in partnership with people and communities",
            value=lambda row: row.source,
        ),
        Column("in_force_from", Type.DAY, _("first day in force"), "2022-07-01", value=lambda row: row.effective_from),
        Column("in_force_to", Type.DAY, _("last day in force"), "2027-03-31", value=lambda row: row.effective_to),
    ),
)

PRINCIPLES = Table(
    name="principles",
    title=_("Principles"),
    description=_("Each principle in its exact wording."),
    source=SOURCE,
    rows=lambda: Principle.objects.select_related("principle_set").order_by("principle_set__code", "number"),
    columns=(
        Column(
            "principle_set",
            Type.CODE,
            _("set that it belongs to: see the table of sets"),
            "nhse-2022",
            value=lambda row: row.principle_set.code,
            is_always_there=True,
        ),
        Column("number", Type.WHOLE, _("number in its set"), 1, is_always_there=True),
        Column("short", Type.TEXT, _("short label"), "Centre decision-making", is_always_there=True),
        Column(
            "wording", Type.TEXT, _("exact wording"), "Put the voices of people at the centre", is_always_there=True
        ),
    ),
)

TABLES = (PRINCIPLE_SETS, PRINCIPLES)
