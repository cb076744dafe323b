"""How often one visitor may send a public form. Wide limits: a whole forum sits behind one Wi-Fi."""

import hashlib
import time

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

HOUR = 3600
TOO_OFTEN = _(
    "We have had many forms from where you are, so this one is not sent yet. What you wrote is still below. "
    "Try again in an hour, or ask us by phone"
)


def sent_too_often(request, what: str, *, most: int) -> bool:
    """Whether this address has sent `what` as often as it may in an hour; if not, this time is counted.

    The cache holds a fingerprint, never the address. A cache that fails lets everybody through.
    """
    address = get_adapter().get_client_ip(request)
    fingerprint = hashlib.sha256(f"{settings.SECRET_KEY} {address}".encode()).hexdigest()
    now, key = time.time(), f"{what}:{fingerprint}"
    recent = [at for at in cache.get(key, []) if at > now - HOUR]
    if len(recent) >= most:
        return True
    cache.set(key, [*recent, now], HOUR)
    return False
