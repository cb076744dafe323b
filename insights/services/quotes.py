"""Words of comments that may be printed: with consent, and only as they stand in the comment (YSD, TRM)."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from insights.models import Comment, Quote
from people.models import User


@transaction.atomic
def add_quote(
    comment: Comment,
    *,
    by: User,
    words: str,
    said_by_whom: str,
    consent: str,
    consent_on: datetime.date,
    consent_until: datetime.date | None = None,
) -> Quote:
    """Keep words that may be printed. The same words of a comment are one quote. Raises ValidationError."""
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    words = " ".join(words.split())
    if comment.is_held or not comment.text:
        raise ValidationError(_("Nothing of this comment can be quoted: it is held, or its words are gone"))
    if not words or words not in " ".join(comment.text.split()):
        raise ValidationError({"words": _("Copy the words as they stand in the comment, without leaving any out")})
    if comment.may_be_quoted is False and consent == Quote.Consent.FORM:
        raise ValidationError({"consent": _("They said no on the form. Ask them first")})
    if consent_on > timezone.localdate():
        raise ValidationError({"consent_on": _("The day must not be in the future")})
    quote = comment.quotes.filter(words=words).first() or Quote(comment=comment, words=words)
    if quote.pk and quote.withdrawn_on is None:
        return quote
    quote.said_by_whom, quote.consent, quote.by = said_by_whom.strip(), consent, by
    quote.consent_on, quote.consent_until, quote.withdrawn_on = consent_on, consent_until, None
    quote.full_clean()
    quote.save()
    audit.record(by, "added a quote", quote.comment, quote=quote.pk)
    return quote


@transaction.atomic
def withdraw_quote(quote: Quote, *, by: User) -> Quote:
    """Note that the consent was taken back: the words are gone from every page at once. Twice changes nothing."""
    quote = Quote.objects.select_for_update().get(pk=quote.pk)
    if quote.withdrawn_on is None:
        quote.withdrawn_on = timezone.localdate()
        quote.save(update_fields=["withdrawn_on"])
        audit.record(by, "withdrew a quote", quote.comment, quote=quote.pk)
    return quote
