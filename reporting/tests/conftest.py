"""The demo's record for whole modules, and its report laid out once."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import pytest
from django.db import transaction

from core import imports, profiles, tables
from core.pdf import PDF, render_pdf
from engagement.models import Period
from people.tests import factories as people
from reporting.documents.annual import gather
from reporting.documents.facts import AnnualFacts
from reporting.documents.frozen import freeze, thaw
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import SHAPES
from reporting.management.commands import load_demo
from reporting.models import Report


@pytest.fixture(scope="module")
def demo_record(django_db_setup, django_db_blocker) -> Iterator[None]:
    """The profile, the three sheets and the forums, loaded once for a module: each test stands in a savepoint."""
    with django_db_blocker.unblock(), transaction.atomic():
        profiles.load(load_demo.PROFILE)
        for kind in load_demo.SHEETS:
            path = load_demo.YEAR / f"{kind}.csv"
            found = imports.take_in(tables.kinds()[kind], path.read_bytes(), path.name, by=None, dry_run=False)
            assert found["accepted"], found["errors"]
        profiles.load(load_demo.FORUMS)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(demo_record, db) -> Report:
    """The annual report that the demo asks for: 28 activities, 18 forums and 12 answers, none of them public yet."""
    period = Period.objects.get(code=load_demo.PERIOD)
    return Report.objects.get_or_create(kind=Report.Kind.ANNUAL, period=period)[0]


@dataclass(frozen=True)
class Rendered:
    """A report drawn from its frozen facts: for the screen, for paper and in large print."""

    frozen: str
    fingerprint: str
    html: str
    pdf: PDF
    large_print: PDF


@cache
def rendered(frozen: str, fingerprint: str) -> Rendered:
    """Laying out takes seconds, and the same facts give the same files: each set of facts is drawn once."""
    shape, known = SHAPES[Report.Kind.ANNUAL], thaw(AnnualFacts, frozen)
    shared = {"fingerprint": fingerprint, "is_draft": False}
    screen, paper, large = (page(shape, known, medium=medium, **shared) for medium in Medium)
    large_print = render_pdf(large, stylesheets=("pdf.css", "large.css"))
    return Rendered(frozen, fingerprint, screen, render_pdf(paper), large_print)


@pytest.fixture
def demo_rendered(demo) -> Rendered:
    return rendered(*freeze(gather(demo)))


@pytest.fixture
def signed_in(client):
    """signed_in("lead") makes a user of that role, whose requests the client sends from now on."""

    def sign_in(role: str, **fields):
        user = people.user(role, **fields)
        client.force_login(user)
        return user

    return sign_in
