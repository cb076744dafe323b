"""How people sign in: nobody signs up, codes are kept only as a seal, secrets of second factors are encrypted."""

import base64

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

# The consonants of RFC 8628, 6.1: none looks like another or like a digit, they spell no word, and 20^8 is 34 bits.
CODE_ALPHABET = "BCDFGHJKLMNPQRSTVWXZ"
CODE_LENGTH = 8
SALT_LENGTH = 16


class SealedCode(str):
    """A sign-in code as the session keeps it: salt and keyed hash. `plain` goes into the e-mail alone."""

    plain: str

    @classmethod
    def make(cls) -> "SealedCode":
        code = get_random_string(CODE_LENGTH, CODE_ALPHABET)
        sealed = cls(_seal(code, get_random_string(SALT_LENGTH)))
        sealed.plain = f"{code[:4]}-{code[4:]}"
        return sealed

    @staticmethod
    def is_opened_by(typed: str, sealed: str) -> bool:
        """Whether the typed code is the one that was sealed. Small letters, dashes and spaces do not matter."""
        letters = "".join(letter for letter in typed.upper() if letter.isalnum())
        return constant_time_compare(_seal(letters, sealed[:SALT_LENGTH]), sealed)


def _seal(code: str, salt: str) -> str:
    return salt + salted_hmac(f"people.sign_in_code.{salt}", code, algorithm="sha256").hexdigest()


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by staff. Members get a code by e-mail, staff have a password and a second factor."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Contact us if you think that this is a mistake"),
        "email_password_mismatch": _("The email address or the password is wrong"),
        "enter_current_password": _("The current password is wrong"),
        "incorrect_code": _("The code is wrong. Check the latest email from us and try again"),
        "incorrect_password": _("The password is wrong"),
        "invalid_password_reset": _("The link has run out. Ask for a new one"),
        "too_many_login_attempts": _("You have tried too many times. Wait a few minutes, then try again"),
        "rate_limited": _("You have asked too many times. Wait a few minutes, then try again"),
    }

    def is_open_for_signup(self, request):
        return False

    def generate_login_code(self) -> str:
        return SealedCode.make()

    def get_login_redirect_url(self, request):
        """Members and partners go to their own page, everybody else to the front page."""
        for permission, page in (("forums.use_portal", "members:home"), ("insights.contribute", "partners:home")):
            if request.user.has_perm(permission) and not request.user.is_staff:
                return resolve_url(page)
        return super().get_login_redirect_url(request)


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors. What is secret about them is encrypted with a key made from SECRET_KEY."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("The code is wrong. Wait for the next one in your app, then try again"),
        "cannot_delete_authenticator": _("You cannot remove your last second step"),
    }

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user, type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("Security key %(number)d") % {"number": number}


def _fernet() -> MultiFernet:
    """Encrypts with SECRET_KEY, and still reads what a key in SECRET_KEY_FALLBACKS encrypted."""
    return MultiFernet([Fernet(_key(secret)) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(secret: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"people.second_factor")
    return base64.urlsafe_b64encode(derive.derive(secret.encode()))
