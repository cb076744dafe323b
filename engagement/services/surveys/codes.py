"""The code on the receipt of a survey: who has it can go on with their answers and later read them (`core.codes`)."""

import uuid

from core import codes
from engagement.models import SurveyResponse


def _held(hashes: list[str]) -> set[str]:
    return set(SurveyResponse.objects.filter(code_hash__in=hashes).values_list("code_hash", flat=True))


CODES = codes.Codes("engagement.surveys", _held)
hashed = CODES.hashed
no_code = codes.no_code


def new_hash(form_token: uuid.UUID) -> str:
    """The hash of the code for a form, which nobody else has."""
    return CODES.new_hashes([str(form_token)])[0]


def code_of(response: SurveyResponse) -> str:
    """The code in groups of four, made again from the form that was sent: a form sent twice has one code."""
    return CODES.of(str(response.form_token), response.code_hash)
