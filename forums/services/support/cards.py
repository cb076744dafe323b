"""What of a member's support waits for them, on the home page of the portal."""

import datetime
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.portal import Card
from forums.models import ExpenseClaim
from forums.services.support import training
from people.models import Person

DAYS_UNSENT = 14


def cards(person: Person) -> Iterator[Card]:
    """Training that a seat needs and that is not done, and claims that were begun and not sent."""
    url = reverse("members:training_list")
    for need in training.needed_by(person):
        if need.state == training.State.MISSING:
            yield Card(_("Do the training “%(title)s”") % {"title": need.title}, _("Your seat needs it."), url)
        elif need.state == training.State.DUE:
            text = _("You did it some time ago. It is time to do it again.")
            yield Card(_("Refresh the training “%(title)s”") % {"title": need.title}, text, url, need.due_on)
    before = timezone.now() - datetime.timedelta(days=DAYS_UNSENT)
    for claim in person.expense_claims.filter(status=ExpenseClaim.Status.DRAFT, created_at__lte=before):
        url = reverse("members:expense_detail", args=[claim.pk])
        yield Card(_("Send your expenses for “%(what)s”") % {"what": claim.what_for}, _("They are not sent yet."), url)
