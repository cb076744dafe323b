"""Mail about reports."""

import logging

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from people.models import Role, User
from reporting.models import Build

logger = logging.getLogger(__name__)


def tell_of_failure(build: Build) -> None:
    """Write to whoever asked for a report that could not be made, else to the engagement leads (REP-022)."""
    _tell(build, _("%(build)s could not be made") % {"build": build}, "reporting/mail/failed.txt")


def tell_of_ready(build: Build) -> None:
    """Write that a report is ready to whoever asked for it, else to the engagement leads (REP-022)."""
    _tell(build, _("%(build)s is ready") % {"build": build}, "reporting/mail/ready.txt")


def _tell(build: Build, subject: str, template: str) -> None:
    leads = User.objects.filter(is_active=True, roles__name=Role.Name.LEAD).distinct()
    people = [build.requested_by] if build.requested_by else list(leads)
    text = render_to_string(template, {"build": build, "address": f"{settings.SITE_URL}{build.get_absolute_url()}"})
    try:
        send_mail(subject, text, None, [person.email for person in people])
    except OSError:
        logger.exception("The mail about build %s could not be sent", build.pk)
