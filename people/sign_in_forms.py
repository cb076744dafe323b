"""Allauth's forms with plain words, NHS error messages and, for the code, a seal instead of the code itself.

`ACCOUNT_FORMS` and `MFA_FORMS` in the settings put each in the place of allauth's own.
"""

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as second_factor
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from core.forms import NHSMessagesMixin
from people.adapters import SealedCode

format_html_lazy = lazy(format_html, str)

EMAIL_ADDRESS = _("Email address")
NEW_PASSWORD = _("New password")
NEW_PASSWORD_AGAIN = _("New password again")
PASSWORD_HINT = _("Use at least 12 characters. Three words that you will remember make a good password.")
APP_CODE_HINT = _("The 6 numbers that your authenticator app shows, or one of your recovery codes.")
RESET_LINK = format_html_lazy(
    '<a href="{}">{}</a>', reverse_lazy("account_reset_password"), _("Have you forgotten your password?")
)


class PlainWordsMixin(NHSMessagesMixin):
    """Labels and hints by field name, in place of allauth's."""

    labels: dict = {}
    hints: dict = {}

    def name_fields(self):
        for name, field in self.fields.items():
            field.label = self.labels.get(name, field.label)
            field.help_text = self.hints.get(name, field.help_text)


class LoginForm(PlainWordsMixin, account.LoginForm):
    labels = {
        "login": EMAIL_ADDRESS,
        "password": _("Password"),
        "remember": _("Keep me signed in on this device for 12 hours"),
    }
    hints = {"password": RESET_LINK}


class RequestLoginCodeForm(PlainWordsMixin, account.RequestLoginCodeForm):
    labels = {"email": EMAIL_ADDRESS}


class ConfirmLoginCodeForm(PlainWordsMixin, account.ConfirmLoginCodeForm):
    """The code as typed. What it is compared with is its seal."""

    labels = {"code": _("Code")}
    hints = {"code": _("8 letters, for example BCDF-GHJK. Capital letters and the dash do not matter.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {
            "class": "nhsuk-input--width-10",
            "autocapitalize": "characters",
            "spellcheck": "false",
        }

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        if not SealedCode.is_opened_by(code, self.expected_code or ""):
            raise get_adapter().validation_error("incorrect_code")
        return code


class ResetPasswordForm(PlainWordsMixin, account.ResetPasswordForm):
    labels = {"email": EMAIL_ADDRESS}


class ResetPasswordKeyForm(PlainWordsMixin, account.ResetPasswordKeyForm):
    labels = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}
    hints = {"password1": PASSWORD_HINT}


class ChangePasswordForm(PlainWordsMixin, account.ChangePasswordForm):
    labels = {"oldpassword": _("Current password"), "password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}
    hints = {"oldpassword": RESET_LINK, "password1": PASSWORD_HINT}


class SetPasswordForm(PlainWordsMixin, account.SetPasswordForm):
    labels = {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD_AGAIN}
    hints = {"password1": PASSWORD_HINT}


class ReauthenticateForm(PlainWordsMixin, account.ReauthenticateForm):
    hints = {"password": RESET_LINK}


class AppCodeMixin(PlainWordsMixin):
    """Six numbers from an authenticator app."""

    hints = {"code": APP_CODE_HINT}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs |= {"class": "nhsuk-input--width-10", "spellcheck": "false"}


class AuthenticateForm(AppCodeMixin, second_factor.AuthenticateForm):
    pass


class ReauthenticateSecondFactorForm(AppCodeMixin, second_factor.ReauthenticateForm):
    pass


class ActivateTOTPForm(AppCodeMixin, totp.ActivateTOTPForm):
    labels = {"code": _("Code from the app")}
    hints = {"code": _("The 6 numbers that your authenticator app shows.")}


class AddWebAuthnForm(PlainWordsMixin, webauthn.AddWebAuthnForm):
    labels = {"name": _("Name of the key"), "passwordless": _("Sign in with this key alone, without a password")}
    hints = {
        "name": _("For example: blue key, or work laptop."),
        "passwordless": _("The key must then ask for a PIN, a fingerprint or a face."),
    }


class EditWebAuthnForm(PlainWordsMixin, webauthn.EditWebAuthnForm):
    labels = {"name": _("Name of the key")}
