"""Codes for people without an account: paper slips, and one way to find what a code leads to (YSD-003, ENG-027)."""

import uuid
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.codes import Codes
from core.pdf import PDF
from engagement.models import Activity, SurveyResponse
from engagement.services.surveys import responses as surveys
from insights.documents.slips import Slip, slips_pdf
from insights.models import Receipt, Response, Slips, Told
from people.models import User


def _held(hashes: list[str]) -> set[str]:
    return set(Receipt.objects.filter(code_hash__in=hashes).values_list("code_hash", flat=True))


CODES = Codes("insights.receipts", _held)


# Slips -------------------------------------------------------------------------------------------


@transaction.atomic
def add_slips(activity: Activity, *, by: User, number: int, seed: uuid.UUID) -> Slips:
    """Make paper slips, each with a code of its own. The same form twice, with its seed, makes them once.

    Raises ValidationError for too many.
    """
    if not 1 <= number <= Slips.MOST:
        raise ValidationError({"number": _("Enter a number from 1 to %(most)s") % {"most": Slips.MOST}})
    try:
        with transaction.atomic():
            slips = Slips.objects.create(activity=activity, seed=seed, number=number, made_by=by)
    except IntegrityError:
        return Slips.objects.get(seed=seed, activity=activity)
    hashes = CODES.new_hashes(_seed(slips, place) for place in range(1, number + 1))
    Receipt.objects.bulk_create(
        Receipt(slips=slips, place=place, code_hash=each) for place, each in enumerate(hashes, start=1)
    )
    audit.record(by, "made slips with codes", slips, number=number)
    return slips


def _seed(slips: Slips, place: int) -> str:
    return f"{slips.seed} {place}"


def code_of(receipt: Receipt) -> str:
    """The code of a slip in groups of four, made again: only its hash is kept."""
    return CODES.of(_seed(receipt.slips, receipt.place), receipt.code_hash)


@transaction.atomic
def print_slips(slips: Slips, *, by: User) -> PDF:
    """The slips on A4, to be cut. Each printing is audited: who holds a code may say whether we heard right.

    Raises PDFUnavailable where the libraries for PDFs are missing.
    """
    rows = slips.receipts.select_related("slips").order_by("place")
    pdf = slips_pdf(slips, [Slip(row.place, code_of(row)) for row in rows])
    audit.record(by, "printed slips with codes", slips)
    return pdf


# Who holds a code --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody with a code: of a slip, or of answers to a survey. Nothing says who they are."""

    receipt: Receipt | None = None
    survey_response: SurveyResponse | None = None

    @property
    def activity(self) -> Activity:
        """The activity in which they took part: the only one that the code leads to."""
        return self.receipt.slips.activity if self.receipt else self.survey_response.survey.activity

    @property
    def has_taken_part(self) -> bool:
        """Whether what they said has come: answers that were saved and not sent say nothing yet."""
        return self.receipt is not None or self.survey_response.sent_at is not None

    @property
    def who(self) -> dict:
        """The fields by which what they were told and what they say is kept."""
        return {"receipt": self.receipt} if self.receipt else {"survey_response": self.survey_response}

    @property
    def key(self) -> list:
        """What finds them again within an hour, signed: it is not the code."""
        return ["slip", self.receipt.pk] if self.receipt else ["survey", self.survey_response.pk]


def find(code: str) -> Holder | None:
    """Who holds a code, of whatever kind; None says nothing about why there is nobody."""
    if found := surveys.find(code):
        return Holder(survey_response=found)
    return _slip(code_hash=CODES.hashed(code))


def of_key(key: list) -> Holder | None:
    """Who has that key."""
    kind, number = key
    if kind == "slip":
        return _slip(pk=number)
    found = SurveyResponse.objects.select_related("survey__activity").filter(pk=number).first()
    return Holder(survey_response=found) if found else None


def _slip(**which) -> Holder | None:
    receipt = Receipt.objects.select_related("slips__activity__period").filter(**which).first()
    return Holder(receipt=receipt) if receipt else None


@transaction.atomic
def look(holder: Holder) -> list[Response]:
    """The public answers to what the holder of a code took part in. They are told of them by looking, once of each."""
    answers = list(Response.objects.public().to(holder.activity.pk).select_related("topic", "responsible"))
    if not holder.has_taken_part:
        return answers
    now = timezone.now()
    if holder.receipt:
        Receipt.objects.filter(pk=holder.receipt.pk).update(last_looked_at=now)
    told = [Told(response=each, way=Told.Way.CODE, at=now, reached_at=now, **holder.who) for each in answers]
    Told.objects.bulk_create(told, ignore_conflicts=True)
    return answers
