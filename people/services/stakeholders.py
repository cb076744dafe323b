"""Stakeholders: conversations with them, and where they stand between interest and influence (CRM-001 to CRM-008)."""

import datetime
from collections import Counter, defaultdict

import tablib
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.exports import SafeCSV
from people.models import Organisation, Stakeholder, StakeholderContact, User
from people.models.register import folded

DAYS_APART = 14  # two partners on one topic within two weeks: that is how messages get doubled (CRM-001)
SCALE = range(1, 6)


@transaction.atomic
def record_contact(
    stakeholder: Stakeholder,
    *,
    by: User,
    on: datetime.date,
    channel: str,
    topic: str,
    summary: str,
    by_organisation: Organisation | None = None,
) -> tuple[StakeholderContact, list[str]]:
    """Keep a conversation. The warnings name those that another organisation had about the same within two weeks.

    No organisation means the body itself. Raises ValidationError for a day to come and for a missing topic.
    """
    if on > timezone.localdate():
        raise ValidationError({"on": _("The day of the contact must be today or in the past")})
    contact = StakeholderContact(
        stakeholder=stakeholder,
        by=by,
        on=on,
        channel=channel,
        topic=topic,
        summary=summary,
        by_organisation=by_organisation,
    )
    contact.full_clean()
    contact.save()
    audit.record(by, "recorded contact", contact.stakeholder)
    return contact, overlaps(contact)


def overlaps(contact: StakeholderContact) -> list[str]:
    """Contacts of other organisations with the same stakeholder about the same topic, up to 14 days apart, in words."""
    body = Organisation.objects.body()
    body_pk = body.pk if body else None
    near = datetime.timedelta(days=DAYS_APART)
    others = contact.stakeholder.contacts.filter(on__range=(contact.on - near, contact.on + near))
    return [
        _("%(organisation)s was in touch about “%(topic)s” on %(day)s")
        % {
            "organisation": other.by_organisation or body or _("We"),
            "topic": other.topic,
            "day": f"{other.on:%-d %B %Y}",
        }
        for other in others.exclude(pk=contact.pk).select_related("by_organisation")
        if folded(other.topic) == folded(contact.topic)
        and (other.by_organisation_id or body_pk) != (contact.by_organisation_id or body_pk)
    ]


def _day(day: datetime.date) -> str:
    return f"{day:%-d %B %Y}"


def grid(stakeholders: QuerySet[Stakeholder]) -> dict[tuple[int, int], list[Stakeholder]]:
    """Who stands where: (interest, influence) → stakeholders. Without both figures: nowhere (CRM-003)."""
    cells = defaultdict(list)
    for each in stakeholders.filter(interest__isnull=False, influence__isnull=False):
        cells[each.interest, each.influence].append(each)
    return {(interest, influence): cells[interest, influence] for influence in SCALE for interest in SCALE}


def overdue(stakeholders: QuerySet[Stakeholder]) -> QuerySet[Stakeholder]:
    """Whose next action was due before today, the longest first (CRM-008)."""
    late = stakeholders.filter(next_action_on__lt=timezone.localdate())
    return late.select_related("owner").order_by("next_action_on", "name")


def gaps(stakeholders: QuerySet[Stakeholder]) -> list[str]:
    """The kinds of stakeholder of whom there is none."""
    known = Counter(stakeholders.order_by().values_list("kind", flat=True))
    return [label for kind, label in Stakeholder.Kind.choices if not known[kind]]


@transaction.atomic
def export_csv(stakeholders: QuerySet[Stakeholder], *, by: User) -> str:
    """The map as a table, without e-mail addresses and telephone numbers. It is audited, with how many."""
    table = tablib.Dataset(headers=[str(heading) for heading in _headings()])
    rows = stakeholders.select_related("organisation", "owner", "owner_organisation")
    for each in rows.prefetch_related("areas", "communities").order_by("name", "pk"):
        table.append(_row(each))
    audit.record(by, "exported stakeholders", Stakeholder(), rows=len(table))
    return SafeCSV().export_data(table)


def _headings() -> list[str]:
    names = ("name", "kind", "role", "organisation", "areas", "communities", "topics", "size", "interest", "influence")
    names += ("strength", "owner", "owner_organisation", "next_action", "next_action_on")
    return [Stakeholder._meta.get_field(name).verbose_name for name in names]


def _row(each: Stakeholder) -> list:
    return [
        each.name,
        each.get_kind_display(),
        each.role,
        each.organisation or "",
        "; ".join(str(area) for area in each.areas.all()),
        "; ".join(str(group) for group in each.communities.all()),
        each.topics,
        each.get_size_display(),
        each.interest,
        each.influence,
        each.get_strength_display(),
        each.owner or "",
        each.owner_organisation or "",
        each.next_action,
        each.next_action_on,
    ]
