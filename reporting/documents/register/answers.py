"""The open register: “you said, we did”, with the history of each answer."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from insights.models import Response, Status, StatusChange
from insights.models.responses import Reason
from reporting.documents.register.forums import name_of
from reporting.documents.register.shape import Column, Table, Type

SOURCE = _("the body’s answers to what people told it, published by a named member of staff")

ANSWERS = Table(
    name="you_said_we_did",
    title=_("You said, we did"),
    description=_("What people told the body, and what came of it: done, promised, or not, with the reason."),
    source=SOURCE,
    rows=lambda: (
        Response.objects.public()
        .select_related("topic", "responsible", "activity__principle__principle_set")
        .prefetch_related("activity__areas", "groups")
        .order_by("published_at", "reference")
    ),
    changed="updated_at",
    columns=(
        Column("reference", Type.TEXT, _("key of the answer"), "2023-014-1", is_always_there=True),
        Column(
            "activity",
            Type.TEXT,
            _("key of the activity in which it was said"),
            "2023-014",
            value=lambda row: row.activity.reference,
            is_always_there=True,
        ),
        Column(
            "activity_title",
            Type.TEXT,
            _("title of that activity"),
            "Pharmacy labels",
            value=lambda row: row.activity.title,
            is_always_there=True,
        ),
        Column("topic", Type.TEXT, _("topic"), "Pharmacy", lambda row: row.topic.name, is_always_there=True),
        Column(
            "places",
            Type.LIST,
            _("places"),
            ["Harlow"],
            lambda row: [area.name for area in row.activity.areas.all()],
            is_always_there=True,
        ),
        Column("you_said", Type.TEXT, _("what people told the body"), "Labels hide the Braille.", is_always_there=True),
        Column(
            "people",
            Type.COUNT,
            _("how many people said it"),
            {"words": "around 60 people", "value": 60, "upper": None, "qualifier": "around", "kind": "unique"},
            unit=_("people"),
        ),
        Column(
            "groups",
            Type.LIST,
            _("groups who said it"),
            ["Carers"],
            lambda row: [group.name for group in row.groups.all()],
            is_always_there=True,
        ),
        Column("heard_on", Type.DAY, _("day on which it was heard"), "2023-06-15"),
        Column("status", Type.CODE, _("where it stands"), "promised", codes=Status, is_always_there=True),
        Column("we_did", Type.TEXT, _("what was done, is under way or is promised"), "Labels are moved from May."),
        Column("reason_code", Type.CODE, _("kind of reason why it could not be done"), "law", codes=Reason),
        Column("reason", Type.TEXT, _("why it could not be done"), "The law puts it there."),
        Column("responsible", Type.TEXT, _("who has to act"), "Example ICB", lambda row: name_of(row.responsible)),
        Column("promised_for", Type.DAY, _("day for which it was promised"), "2024-05-01"),
        Column("next_update_on", Type.DAY, _("day by which there is news"), "2024-07-01"),
        Column("done_on", Type.DAY, _("day on which it was done"), "2024-05-03"),
        Column(
            "principle_set",
            Type.CODE,
            _("set of the principle that the activity fits most"),
            "nhse-2022",
            value=lambda row: row.activity.principle.principle_set.code,
            is_always_there=True,
        ),
        Column(
            "principle",
            Type.WHOLE,
            _("number of that principle"),
            1,
            value=lambda row: row.activity.principle.number,
            is_always_there=True,
        ),
        Column("published_at", Type.MOMENT, _("when it was published"), "2024-04-02T09:00:00Z", is_always_there=True),
        Column(
            "page",
            Type.ADDRESS,
            _("page about it on this site"),
            "https://engage.example.org/you-said-we-did/2023-014-1/",
            value=lambda row: settings.SITE_URL + row.get_absolute_url(),
            is_always_there=True,
        ),
    ),
)

HISTORY = Table(
    name="you_said_we_did_history",
    title=_("History of “you said, we did”"),
    description=_("Each step of each published answer, from promised to done."),
    source=SOURCE,
    rows=lambda: (
        StatusChange.objects.filter(response__in=Response.objects.public().values("pk"))
        .select_related("response")
        .order_by("response__reference", "at", "pk")
    ),
    changed="at",
    columns=(
        Column(
            "answer",
            Type.TEXT,
            _("key of the answer: see the table “You said, we did”"),
            "2023-014-1",
            value=lambda row: row.response.reference,
            is_always_there=True,
        ),
        Column("status", Type.CODE, _("where it stood from then on"), "under_way", codes=Status, is_always_there=True),
        Column("note", Type.TEXT, _("what was new"), "The first 200 labels are moved."),
        Column(
            "recorded_at",
            Type.MOMENT,
            _("when that was recorded"),
            "2024-04-02T09:00:00Z",
            value=lambda row: row.at,
            is_always_there=True,
        ),
    ),
)

TABLES = (ANSWERS, HISTORY)
