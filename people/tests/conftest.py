"""A mail server that the product really speaks to."""

from collections.abc import Iterator

import pytest

from people.tests.smtp import MailServer


@pytest.fixture
def smtp(settings) -> Iterator[MailServer]:
    """A mail server of our own, which the product really speaks to."""
    server = MailServer()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER = False, ""
    yield server
    server.stop()
