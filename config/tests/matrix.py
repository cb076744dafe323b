"""What every address answers to whom: what permissions.toml says, and what really came back."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from config.tests.world import ROLES, World
from people.tests.reads import audited_reads

METHODS = ("GET", "POST")
OUTCOMES = {
    "a": "allowed",
    "l": "sent to sign in",
    "p": "asked for the password again",
    "f": "forbidden (403)",
    "h": "hidden (404)",
    "m": "method not allowed (405)",
}
FILE = Path(__file__).with_name("permissions.toml")
# What a request may write though it changes nothing that anybody recorded: sessions, and rate limits in the cache.
ALWAYS_WRITTEN = {"django_session", "core_cache"}
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


def expected() -> dict[str, dict[str, dict[str, str]]]:
    """What the file says: page → method → role → letter."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        page: {method: dict(zip(ROLES, letters.split(), strict=True)) for method, letters in row.items()}
        for page, row in rows.items()
    }


def name_of(page: str) -> str:
    """The name of the URL of a page such as `admin:import_run [own]`."""
    return page.partition(" [")[0]


# Requests ----------------------------------------------------------------------------------------


class Visitor:
    """Somebody of a role, who gave password and second factor just now, asking for one page after another."""

    def __init__(self, here: World, *, fully: bool = True):
        """Not `fully`: with the password alone."""
        self.here = here
        self.client = Client()
        if here.user:
            self.client.force_login(here.user)
            now = timezone.now().timestamp()
            session = self.client.session
            session["account_authentication_methods_user"] = str(here.user.pk)
            session["account_authentication_methods"] = [
                {"method": "password", "at": now, "email": here.user.email},
                *([{"method": "mfa", "at": now, "type": "webauthn", "reauthenticated": True}] if fully else []),
            ]
            session.save()
        self.cookies = {name: morsel.value for name, morsel in self.client.cookies.items()}

    def differences(self, pages: dict[str, dict[str, dict[str, str]]]) -> list[str]:
        """Each cell of the matrix where the product does what the file does not say, or says what it must not."""
        return [
            line
            for page, row in pages.items()
            for method in METHODS
            for line in self.check(page, method, row[method][self.here.role])
        ]

    def check(self, page: str, method: str, letter: str) -> Iterator[str]:
        came, body, written = self.ask(page, method)
        cell = f"{method} {page} as {self.here.role}"
        if came != letter:
            yield f"{cell}: {OUTCOMES.get(came, came)}, not {OUTCOMES[letter]}"
        for token, readers in self.here.secrets.items():
            if self.here.role not in readers and token in body and page not in TELLS_OF_OTHER_AREAS:
                yield f"{cell}: shows {token}"
        if written and (letter != "a" or method == "GET"):
            yield f"{cell}: writes {', '.join(sorted(written))}"
        if self.read_unseen:
            yield f"{cell}: reads {', '.join(sorted(self.read_unseen))}, and the audit trail does not say so"

    def ask(self, page: str, method: str) -> tuple[str, str, set[str]]:
        """The letter of what happened, everything that was sent back, and the tables that were written to."""
        self.client.cookies.clear()
        for name, value in self.cookies.items():
            self.client.cookies[name] = value
        written: set[str] = set()

        def note_writes(execute, sql, params, many, context):
            if found := WRITE.match(sql):
                written.add(found[1])
            return execute(sql, params, many, context)

        with transaction.atomic(), audited_reads() as reads, connection.execute_wrapper(note_writes):
            response = self.send(page, method)
            body = b"".join(response.streaming_content) if response.streaming else response.content
            for close in response._resource_closers:  # response.close() would also end the database connection
                close()
            self.read_unseen = reads.unaudited()
            transaction.set_rollback(True)
        allowed = ALWAYS_WRITTEN | NOTED.get(name_of(page), set())
        headers = "\n".join(f"{name}: {value}" for name, value in response.items())
        return letter_of(response), headers + body.decode(errors="replace"), written - allowed

    def send(self, page: str, method: str):
        """The answer, and where the admin sends people to its own sign-in page, that of the page itself."""
        address = self.here.pages[page]
        response = self.client.post(address, {"nonsense": "1"}) if method == "POST" else self.client.get(address)
        while response.status_code == 302 and response["Location"].startswith(reverse("admin:login")):
            response = self.client.get(response["Location"])
        return response


# Looking at it is written down: who took which file, who read what is sensitive, which paper is read.
AUDITED = [
    "engagement:panel_balance",
    "insight_work:board_digest",
    "insight_work:held_decide",
    "insight_work:slips_pdf",
    "insight_work:source_detail",
    "insight_work:source_file",
    "members:equality",
    "members:meeting",
    "members:needs",
    "register:concern_list",
    "register:erasure_detail",
    "register:equality_totals",
    "register:format_detail",
    "register:format_list",
    "register:message_letter",
    "register:message_letters",
    "register:person_detail",
    "register:person_needs",
    "register:stakeholder_export",
    "register:young_detail",
    "register:young_list",
    "work:meeting_sheet",
    "work:receipt",
    "reporting:alternative_file",
]
NOTED = {page: {"core_auditevent"} for page in AUDITED} | {
    "reporting:build_pdf": {"reporting_download"},
    "reporting:build_large_print": {"reporting_download"},
    "reporting:build_html": {"reporting_download"},
    "reporting:build_file": {"reporting_download"},
    "reporting:build_json": {"reporting_download"},
    "members:paper": {"forums_paperread"},
    "register:concern_detail": {"core_auditevent", "people_concern"},
}
# A report is about the whole body: whoever makes it sees what the record lacks, wherever that is.
TELLS_OF_OTHER_AREAS = {"reporting:report_detail"}


def letter_of(response) -> str:
    """What an answer amounts to, or its status where it is none of those."""
    if response.status_code in {301, 302, 307}:
        path = response["Location"].partition("?")[0]
        again = {reverse("account_reauthenticate"), reverse("mfa_reauthenticate")}
        return "l" if path == reverse(settings.LOGIN_URL) else "p" if path in again else "a"
    letters = {403: "f", 404: "h", 405: "m"} | dict.fromkeys((200, 400, 422), "a")
    return letters.get(response.status_code, str(response.status_code))
