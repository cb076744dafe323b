"""Nobody who works with other people's data gets past the sign-in pages on a password alone."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.shortcuts import redirect


class SecondFactorMiddleware:
    """Every page that asks for a sign-in asks staff and secretaries for a second factor in this session too.

    Public pages and the sign-in pages themselves stay open, so that the second factor can be set up and given.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if not user.is_authenticated or not getattr(view, "login_required", True) or _is_about_signing_in(request):
            return None
        if gave_second_factor(request) or not user.needs_second_factor():
            return None
        return redirect("mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_index")


def gave_second_factor(request) -> bool:
    """Whether this session was opened with a second factor, or the deployment does not ask for one."""
    if not settings.REQUIRE_SECOND_FACTOR:
        return True
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def _is_about_signing_in(request) -> bool:
    names = request.resolver_match.view_name or ""
    return names.startswith(("account_", "mfa_"))
