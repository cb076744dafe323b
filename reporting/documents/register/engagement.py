"""The open register: published activities with their numbers, and consultations with their dates and results."""

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from engagement.documents import public_pages
from engagement.models import Activity, ActivityCount, ConsultationDocument
from forums.models.meetings import Format
from people.models import Level
from reporting.documents.register.forums import name_of
from reporting.documents.register.shape import Column, Table, Type

RECORD = _("the body’s record of its engagement, published by a named member of staff")


def names(field: str):
    """Read the names of what a row is tied to by a field."""
    return lambda row: [each.name for each in getattr(row, field).all()]


def _activities():
    rows = Activity.objects.public().select_related("principle__principle_set", "period", "rung", "organisation")
    lists = ("areas", "forums", "topics", "groups", "methods", "partners", "other_principles__principle_set")
    return rows.prefetch_related(*lists).order_by("reference")


def _principle_key(principle) -> str:
    return f"{principle.principle_set.code}:{principle.number}"


ACTIVITIES = Table(
    name="activities",
    title=_("Activities"),
    description=_("What was done to listen to people, from conversations to formal consultations, once published."),
    source=RECORD,
    rows=_activities,
    changed="updated_at",
    columns=(
        Column("reference", Type.TEXT, _("key of the activity"), "2023-014", is_always_there=True),
        Column("title", Type.TEXT, _("title"), "Pharmacy labels", is_always_there=True),
        Column("nature", Type.CODE, _("kind of engagement"), "engagement", codes=Activity.Nature),
        Column("summary", Type.TEXT, _("what it is"), "We asked …", value=lambda row: row.public_summary),
        Column("purpose", Type.TEXT, _("what it is for"), "To find out how labels are read."),
        Column("can_influence", Type.TEXT, _("what people can influence"), "How labels look."),
        Column("cannot_influence", Type.TEXT, _("what they cannot, and why"), "What the law puts on a label."),
        Column("starts_on", Type.DAY, _("first day"), "2023-06-01"),
        Column("ends_on", Type.DAY, _("last day"), "2023-06-30"),
        Column("is_ongoing", Type.YES_NO, _("whether it still goes on"), False, is_always_there=True),
        Column(
            "dates_known_to",
            Type.CODE,
            _("how exact its dates are"),
            "day",
            lambda row: row.date_precision,
            Activity.Precision,
            is_always_there=True,
        ),
        Column(
            "period",
            Type.CODE,
            _("year or quarter, where no date is known"),
            "2023-24",
            value=lambda row: row.period and row.period.code,
        ),
        Column("level", Type.CODE, _("tier at which it took place"), "place", codes=Level),
        Column("places", Type.LIST, _("places"), ["Harlow"], names("areas"), is_always_there=True),
        Column("forums", Type.LIST, _("forums"), ["Panel of residents"], names("forums"), is_always_there=True),
        Column("topics", Type.LIST, _("topics"), ["Pharmacy"], names("topics"), is_always_there=True),
        Column("groups_heard", Type.LIST, _("groups heard"), ["Carers"], names("groups"), is_always_there=True),
        Column("methods", Type.LIST, _("ways of engaging"), ["survey"], names("methods"), is_always_there=True),
        Column("partners", Type.LIST, _("partner organisations"), ["Mind"], names("partners"), is_always_there=True),
        Column(
            "organisation",
            Type.TEXT,
            _("organisation that it is recorded for"),
            "West Essex Partnership",
            value=lambda row: name_of(row.organisation),
        ),
        Column(
            "principle_set",
            Type.CODE,
            _("set of the principle that it fits most"),
            "nhse-2022",
            value=lambda row: row.principle.principle_set.code,
            is_always_there=True,
        ),
        Column(
            "principle",
            Type.WHOLE,
            _("number of the principle that it fits most"),
            1,
            value=lambda row: row.principle.number,
            is_always_there=True,
        ),
        Column(
            "other_principles",
            Type.LIST,
            _("other principles that it supports, each as set:number"),
            ["nhse-2022:4"],
            value=lambda row: [_principle_key(each) for each in row.other_principles.all()],
            is_always_there=True,
        ),
        Column(
            "say",
            Type.TEXT,
            _("how much say people had: rung of the ladder of participation"),
            "Consulting",
            value=lambda row: name_of(row.rung),
        ),
        Column(
            "without_internet",
            Type.TEXT,
            _("way to take part without the internet"),
            "Paper forms in libraries",
            value=lambda row: row.route_without_internet,
        ),
        Column("published_at", Type.MOMENT, _("when it was published"), "2024-04-02T09:00:00Z", is_always_there=True),
    ),
)


ACTIVITY_COUNTS = Table(
    name="activity_counts",
    title=_("Numbers of activities"),
    description=_("How many people were reached and how many took part. Never add numbers of unlike kinds."),
    source=RECORD,
    rows=lambda: (
        ActivityCount.objects.filter(activity__in=Activity.objects.public().values("pk"))
        .select_related("activity", "channel")
        .order_by("activity__reference", "about", "pk")
    ),
    columns=(
        Column(
            "activity",
            Type.TEXT,
            _("key of the activity: see the table of activities"),
            "2023-014",
            value=lambda row: row.activity.reference,
            is_always_there=True,
        ),
        Column(
            "about", Type.CODE, _("reached, or took part"), "took_part", codes=ActivityCount.About, is_always_there=True
        ),
        Column(
            "figure",
            Type.COUNT,
            _("the number with its truth"),
            {"words": "around 60 attended", "value": 60, "upper": None, "qualifier": "around", "kind": "attended"},
            value=lambda row: row.count,
            unit=_("what its kind says"),
            is_always_there=True,
        ),
        Column("channel", Type.TEXT, _("channel that reached them"), "Radio", lambda row: name_of(row.channel)),
        Column("out_of", Type.WHOLE, _("out of how many"), 120, lambda row: row.base, unit=_("what its kind says")),
        Column("as_at", Type.DAY, _("day on which it was counted"), "2023-06-30"),
    ),
)


def _results(row) -> str | None:
    return row.results_link if row.results_published_on else None


CONSULTATIONS = Table(
    name="consultations",
    title=_("Consultations"),
    description=_("What was put to people, from when to when, and where the results are."),
    source=RECORD,
    rows=lambda: public_pages.consultations().select_related("activity").order_by("opens_on", "pk"),
    changed="updated_at",
    columns=(
        Column(
            "activity",
            Type.TEXT,
            _("key of the activity: see the table of activities"),
            "2023-014",
            value=lambda row: row.activity.reference,
            is_always_there=True,
        ),
        Column("title", Type.TEXT, _("title"), "Stroke care", lambda row: row.activity.title, is_always_there=True),
        Column("is_formal", Type.YES_NO, _("whether it is a formal consultation"), True, is_always_there=True),
        Column("proposal", Type.TEXT, _("what is proposed"), "One unit instead of two.", is_always_there=True),
        Column("options", Type.TEXT, _("the options"), "A: … B: …"),
        Column("preferred", Type.TEXT, _("the option that the body prefers"), "A"),
        Column("opens_on", Type.DAY, _("first day"), "2023-09-01", is_always_there=True),
        Column("closes_on", Type.DAY, _("last day, as first planned"), "2023-11-24"),
        Column("extended_to", Type.DAY, _("last day, where people were given more time"), "2023-12-08"),
        Column("extended_because", Type.TEXT, _("why they were given more time"), "The Easy Read version came late."),
        Column("results_published_on", Type.DAY, _("day on which the results were published"), "2024-02-01"),
        Column("results", Type.ADDRESS, _("the results"), "https://www.example.org/results", value=_results),
    ),
)


CONSULTATION_DOCUMENTS = Table(
    name="consultation_documents",
    title=_("Documents of consultations"),
    description=_("Each document that is ready, in each format and language."),
    source=RECORD,
    rows=lambda: (
        ConsultationDocument.objects.filter(
            consultation__in=public_pages.consultations().values("pk"), ready_on__lte=timezone.localdate()
        )
        .annotate(activity=F("consultation__activity__reference"))
        .order_by("activity", "title", "file_format", "language", "pk")
    ),
    columns=(
        Column(
            "activity",
            Type.TEXT,
            _("key of the activity: see the table of consultations"),
            "2023-014",
            is_always_there=True,
        ),
        Column("title", Type.TEXT, _("title"), "Full document", is_always_there=True),
        Column(
            "format", Type.CODE, _("format"), "easy_read", lambda row: row.file_format, Format, is_always_there=True
        ),
        Column("language", Type.TEXT, _("language"), "English", is_always_there=True),
        Column("ready_on", Type.DAY, _("day since which it is ready"), "2023-09-01", is_always_there=True),
        Column("address", Type.ADDRESS, _("where it is"), "https://www.example.org/easy-read", lambda row: row.link),
    ),
)

TABLES = (ACTIVITIES, ACTIVITY_COUNTS, CONSULTATIONS, CONSULTATION_DOCUMENTS)
