"""The open register: forums, without anybody who sits on them, and meetings held in public."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from forums.models import Forum, Meeting, Mode
from people.models import Level
from reporting.documents.register.shape import Column, Table, Type


def page(name: str, *args) -> str:
    """The address of a public page, with the name of the site."""
    return settings.SITE_URL + reverse(name, args=args)


def name_of(row) -> str | None:
    """The name of what a row points to, where it points to something."""
    return None if row is None else row.name


def _forums():
    rows = Forum.objects.forums().select_related("kind", "area", "organisation", "parent", "successor")
    return rows.prefetch_related("aliases").order_by("pk")


FORUMS = Table(
    name="forums",
    title=_("Forums"),
    description=_("Groups in which patients, carers and residents are heard. It never says who sits on one."),
    source=_("the body’s record of its forums"),
    rows=_forums,
    changed="updated_at",
    columns=(
        Column("id", Type.WHOLE, _("key of the forum"), 12, is_always_there=True),
        Column("name", Type.TEXT, _("name"), "Forum of patients", is_always_there=True),
        Column(
            "also_called",
            Type.LIST,
            _("older and other names"),
            ["Patient Group"],
            value=lambda row: [alias.name for alias in row.aliases.all()],
            is_always_there=True,
        ),
        Column(
            "kind",
            Type.TEXT,
            _("kind of forum"),
            "Patient forum",
            value=lambda row: row.kind.name,
            is_always_there=True,
        ),
        Column("role", Type.CODE, _("what it does"), "advises", codes=Forum.Role),
        Column("level", Type.CODE, _("tier at which it works"), "place", codes=Level, is_always_there=True),
        Column("place", Type.TEXT, _("place or partnership"), "West Essex", value=lambda row: name_of(row.area)),
        Column(
            "organised_by",
            Type.TEXT,
            _("organisation that runs it"),
            "Healthwatch Essex",
            value=lambda row: name_of(row.organisation),
        ),
        Column(
            "working_group_of",
            Type.WHOLE,
            _("key of the forum that it is a working group of"),
            3,
            value=lambda row: row.parent_id,
        ),
        Column(
            "followed_by",
            Type.WHOLE,
            _("key of the forum that took over from it"),
            14,
            value=lambda row: row.successor_id,
        ),
        Column("purpose", Type.TEXT, _("what it is for"), "To advise on how services change."),
        Column(
            "size",
            Type.COUNT,
            _("members, as the forum states it"),
            {"words": "over 700 in the network", "value": 700, "upper": None, "qualifier": "over", "kind": "size"},
            unit=_("people"),
        ),
        Column(
            "youngest",
            Type.WHOLE,
            _("age of the youngest member it takes"),
            12,
            value=lambda row: row.minimum_age,
            unit=_("years"),
        ),
        Column(
            "oldest",
            Type.WHOLE,
            _("age of the oldest member it takes"),
            19,
            value=lambda row: row.maximum_age,
            unit=_("years"),
        ),
        Column("is_open", Type.YES_NO, _("whether anybody may join"), True, is_always_there=True),
        Column("meets", Type.TEXT, _("how often it meets, in words"), "every two months"),
        Column("meets_how", Type.CODE, _("in person, online or both"), "hybrid", lambda row: row.default_mode, Mode),
        Column("status", Type.CODE, _("where it stands"), "live", codes=Forum.Status, is_always_there=True),
        Column("established_on", Type.DAY, _("day it began"), "2022-07-01"),
        Column("closed_on", Type.DAY, _("day it closed"), "2024-03-31"),
        Column("website", Type.ADDRESS, _("website of its own"), "https://www.example.org/forum"),
        Column(
            "page",
            Type.ADDRESS,
            _("page about it on this site"),
            "https://engage.example.org/forums/12/",
            value=lambda row: page("forums:forum_detail", row.pk),
            is_always_there=True,
        ),
    ),
)


def _minutes(row) -> str | None:
    return page("forums:meeting_minutes", row.pk) if row.minutes_published_at else None


PUBLIC_MEETINGS = Table(
    name="public_meetings",
    title=_("Public meetings"),
    description=_("Meetings that anybody may come to or watch: planned, held and cancelled."),
    source=_("the body’s calendar of meetings"),
    rows=lambda: (
        Meeting.objects.public().select_related("forum").prefetch_related("joint_with").order_by("starts_at", "pk")
    ),
    changed="updated_at",
    columns=(
        Column("id", Type.WHOLE, _("key of the meeting"), 40, is_always_there=True),
        Column("title", Type.TEXT, _("title"), "Board meeting in public", is_always_there=True),
        Column(
            "forum",
            Type.TEXT,
            _("who meets"),
            "Panel of residents",
            value=lambda row: row.forum.name,
            is_always_there=True,
        ),
        Column(
            "joint_with",
            Type.LIST,
            _("who meets with them"),
            ["Community Assembly"],
            value=lambda row: [forum.name for forum in row.joint_with.all()],
            is_always_there=True,
        ),
        Column("starts_at", Type.MOMENT, _("when it starts"), "2024-05-24T08:30:00Z", is_always_there=True),
        Column("ends_at", Type.MOMENT, _("when it ends"), "2024-05-24T11:30:00Z", is_always_there=True),
        Column("mode", Type.CODE, _("in person, online or both"), "hybrid", codes=Mode, is_always_there=True),
        Column("place", Type.TEXT, _("where it is held"), "The Forum, Hemel Hempstead", value=lambda row: row.venue),
        Column("access", Type.TEXT, _("access to the place"), "Step-free, hearing loop."),
        Column(
            "how_to_watch",
            Type.TEXT,
            _("how to watch and how to ask a question"),
            "Send your question two days before.",
            value=lambda row: row.public_information,
        ),
        Column("reply_by", Type.DAY, _("last day to say that you come"), "2024-05-20"),
        Column("status", Type.CODE, _("where it stands"), "held", codes=Meeting.Status, is_always_there=True),
        Column(
            "minutes",
            Type.ADDRESS,
            _("the published minutes"),
            "https://engage.example.org/meetings/40/minutes/",
            value=_minutes,
        ),
        Column(
            "page",
            Type.ADDRESS,
            _("page about it on this site"),
            "https://engage.example.org/meetings/40/",
            value=lambda row: page("forums:meeting_detail", row.pk),
            is_always_there=True,
        ),
    ),
)

TABLES = (FORUMS, PUBLIC_MEETINGS)
