"""The code on a receipt: who has it can go on with their answers and later read them. Only its keyed hash is stored."""

import secrets
import uuid

from django.utils.crypto import salted_hmac

from engagement.models import SurveyResponse

# Consonants that look and sound unlike each other, so that a code is no word and can be read out by telephone.
ALPHABET = "BCDFGHJKMNPQRTVWXZ"
LENGTH = 8
ATTEMPTS = 10


def hashed(code: str) -> str:
    """What is stored of a code. Spaces, dashes and the size of letters do not matter."""
    letters = "".join(letter for letter in code.upper() if letter in ALPHABET)
    return salted_hmac("engagement.surveys.hash", letters, algorithm="sha256").hexdigest()


def new_hash(form_token: uuid.UUID) -> str:
    """The hash of the code for a form, none of which another response has."""
    hashes = map(hashed, _codes(form_token))
    return next(each for each in hashes if not SurveyResponse.objects.filter(code_hash=each).exists())


def no_code() -> str:
    """Stands for the hash where nobody is given a code: no code leads to it."""
    return secrets.token_hex(32)


def code_of(response: SurveyResponse) -> str:
    """The code in groups of four, made again from the form that was sent: a form sent twice has one code."""
    code = next((each for each in _codes(response.form_token) if hashed(each) == response.code_hash), "")
    return f"{code[:4]} {code[4:]}".strip()


def _codes(form_token: uuid.UUID):
    for attempt in range(ATTEMPTS):
        digest = salted_hmac("engagement.surveys.code", f"{form_token} {attempt}", algorithm="sha256").digest()
        number, letters = int.from_bytes(digest, "big"), []
        for _place in range(LENGTH):
            number, letter = divmod(number, len(ALPHABET))
            letters.append(ALPHABET[letter])
        yield "".join(letters)
