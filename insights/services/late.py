"""Late answers and promises climb: to the owner at once, then to the leads, then into the Board report (YSD-004).

Called several times a day. Each level hears once of each day that passed; a mail that cannot be sent is sent next time.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext

from engagement.models import Activity
from insights.documents import late as documents
from insights.documents.late import Late
from insights.models import Reminder
from people.models import Role, User

logger = logging.getLogger(__name__)
Level = Reminder.Level
CLIMB = (Level.OWNER, Level.LEAD, Level.BOARD)


def remind() -> int:
    """Remind whoever has not heard of what is late. How many reminders were written down."""
    to_write: dict[tuple[str, User | None], list[Late]] = defaultdict(list)
    for row in documents.late():
        for level in CLIMB[: CLIMB.index(row.level) + 1]:
            if level not in row.reminded:
                to_write[level, _owner_of(row) if level == Level.OWNER else None].append(row)
    return sum(_remind(level, to, rows) for (level, to), rows in to_write.items())


def _owner_of(row: Late) -> User | None:
    """Who is asked first. Where nobody owns it, or the owner has left, the leads are."""
    return row.owner if row.owner and row.owner.is_active else None


def _remind(level: str, to: User | None, rows: list[Late]) -> int:
    """Write the reminders of one level down and send one mail about all of them; both, or neither."""
    try:
        with transaction.atomic():
            new = [row for row in rows if _is_written(level, to, row)]
            if new and level != Level.BOARD:
                _mail(to, new)
        return len(new)
    except OSError:
        logger.exception("The mail about %s late answers could not be sent", len(rows))
        return 0


def _is_written(level: str, to: User | None, row: Late) -> bool:
    """Whether this run wrote the reminder, and not another one before it."""
    about = {"response": row.response} if row.response else {"activity": row.activity}
    return Reminder.objects.get_or_create(**about, level=level, due_on=row.due_on, defaults={"to": to})[1]


def _mail(to: User | None, rows: list[Late]) -> None:
    """One mail to the owner, or to each lead about what that lead may see."""
    if to is not None:
        _send(to, rows)
        return
    for lead in User.objects.filter(is_active=True, roles__name=Role.Name.LEAD).distinct().order_by("pk"):
        numbers = {row.activity.pk for row in rows}
        mine = set(Activity.objects.for_user(lead).filter(pk__in=numbers).values_list("pk", flat=True))
        _send(lead, [row for row in rows if row.activity.pk in mine])


def _send(to: User, rows: Iterable[Late]) -> None:
    rows = list(rows)
    if not rows:
        return
    subject = ngettext("%(count)s answer is late", "%(count)s answers are late", len(rows)) % {"count": len(rows)}
    address = f"{settings.SITE_URL}{reverse('insight_work:late_list')}"
    text = render_to_string("insights/mail/late.txt", {"rows": rows, "address": address})
    send_mail(subject, text, None, [to.email])
