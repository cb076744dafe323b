"""Final reports for everybody: who publishes them, who reads them, what stays inside (PUB-007)."""

import hashlib

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.models import Build, Download
from reporting.services import reports as services
from reporting.tests import factories
from reporting.tests.open_register import published_build

pytestmark = pytest.mark.django_db

LIST = "/reports/published/"
FILES = ["public_html", "public_pdf", "public_large_print"]


def address(page: str, *args) -> str:
    return reverse(f"reporting:{page}", args=args)


def read(client, url: str) -> tuple[int, bytes]:
    answer = client.get(url)
    return answer.status_code, answer.getvalue() if answer.status_code == 200 else b""


def page(client) -> str:
    return " ".join(client.get(LIST).content.decode().split())


@pytest.mark.parametrize("role", ["", "member", "secretary", "lead"])
def test_everybody_reads_a_published_report_in_every_form(client, role):
    build = published_build(pdf=b"%PDF-1.7 final", html=b"<style>p{}</style><p>Final")
    checked = {"checked_on": "2024-05-01", "checked_by": "A group of people with a learning disability"}
    easy_file = ContentFile(b"%PDF easy", name="easy.pdf")
    easy = build.report.alternatives.create(kind="easy_read", file=easy_file, **checked)
    if role:
        client.force_login(people.user(role))
    text = page(client)
    for name in FILES:
        assert f'href="{address(name, build.pk)}"' in text
    assert "Annual engagement report 2023–24, version 1" in text
    assert hashlib.sha256(b"%PDF-1.7 final").hexdigest() in text
    assert read(client, address("public_pdf", build.pk)) == (200, b"%PDF-1.7 final")
    assert read(client, address("public_large_print", build.pk)) == (200, b"%PDF-1.7 final in large print")
    assert read(client, address("public_html", build.pk)) == (200, b"<style>p{}</style><p>Final")
    assert read(client, address("public_alternative", easy.pk)) == (200, b"%PDF easy")
    assert not Download.objects.exists()


def test_the_page_of_a_report_runs_nothing_and_loads_nothing(client):
    build = published_build(html=b"<style>p{}</style><p>Final")
    policy = client.get(address("public_html", build.pk))["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "style-src 'sha256-" in policy


@pytest.mark.parametrize("make", [factories.finished_build, factories.final_build, factories.build])
def test_what_is_not_published_is_nobodys_to_read(client, make):
    build = make()
    easy = build.report.alternatives.create(kind="easy_read", file=ContentFile(b"%PDF", name="easy.pdf"))
    for user in (None, people.user("administrator")):
        if user:
            client.force_login(user)
        assert [read(client, address(name, build.pk))[0] for name in FILES] == [404] * 3
        assert read(client, address("public_alternative", easy.pk))[0] == 404
        assert "We have not published any reports yet." in page(client)


def test_the_guard_is_alive(client, monkeypatch):
    build = factories.finished_build(pdf=b"%PDF canary")
    monkeypatch.setattr(type(Build.objects.all()), "public", lambda self: self)
    assert read(client, address("public_pdf", build.pk)) == (200, b"%PDF canary")


def test_a_version_that_was_replaced_says_so(client):
    first = published_build()
    published_build()
    text = page(client)
    assert text.count("Replaced by a later version") == 1
    assert address("public_pdf", first.pk) in text


def test_nobody_is_named_to_the_public(client):
    user = people.user("lead", name="Canary Lead", email="canary@example.org")
    build = factories.final_build(requested_by=user)
    services.publish_report(build, by=user)
    assert "anary" not in page(client)


# Publishing --------------------------------------------------------------------------------------


def test_publishing_is_audited_and_twice_is_harmless():
    user, build = people.user("lead"), factories.final_build()
    first = services.publish_report(build, by=user)
    assert services.publish_report(build, by=people.user("lead")).published_at == first.published_at
    assert (first.published_by, AuditEvent.objects.filter(verb="published").count()) == (user, 1)
    services.withdraw_report(build, by=user)
    services.withdraw_report(build, by=user)
    build.refresh_from_db()
    assert (build.published_at, build.published_by) == (None, None)
    assert AuditEvent.objects.filter(verb="withdrew").count() == 1


def test_a_draft_cannot_be_published():
    build = factories.finished_build()
    with pytest.raises(ValidationError, match="Make the report final before you publish it"):
        services.publish_report(build, by=people.user("lead"))
    with pytest.raises(IntegrityError, match="published_is_final"), transaction.atomic():
        Build.objects.filter(pk=build.pk).update(published_at=factories.FINISHED)


def test_who_published_has_a_day():
    build = factories.final_build()
    with pytest.raises(IntegrityError, match="publisher_has_a_date"), transaction.atomic():
        Build.objects.filter(pk=build.pk).update(published_by=people.user("lead"))


@pytest.mark.parametrize("role", ["lead", "administrator"])
def test_a_lead_publishes_and_withdraws_on_the_page_of_the_version(client, role):
    build = factories.final_build()
    client.force_login(people.user(role))
    assert address("build_publish", build.pk) in client.get(build.get_absolute_url()).content.decode()
    text = client.post(address("build_publish", build.pk), follow=True).content.decode()
    assert "Everybody can read this report now" in text
    assert address("build_withdraw", build.pk) in text
    assert "The report is off the public pages" in (
        client.post(address("build_withdraw", build.pk), follow=True).content.decode()
    )
    assert "We have not published any reports yet." in page(client)


@pytest.mark.parametrize("role", ["", "member", "secretary", "project_lead", "officer"])
@pytest.mark.parametrize("name", ["build_publish", "build_withdraw"])
def test_nobody_else_publishes_or_withdraws(client, role, name):
    build = published_build() if name == "build_withdraw" else factories.final_build()
    before = build.published_at
    user = people.user(role)
    client.force_login(user)
    assert client.post(address(name, build.pk)).status_code == 403
    build.refresh_from_db()
    assert build.published_at == before
    if user.has_perm("reporting.view_build"):
        assert address(name, build.pk) not in client.get(build.get_absolute_url()).content.decode()


def test_a_stranger_is_sent_to_sign_in(client):
    build = factories.final_build()
    url = address("build_publish", build.pk)
    assert client.post(url).url == f"/accounts/login/?next={url}"


def test_a_draft_is_refused_on_the_page_in_plain_words(client):
    build = factories.finished_build()
    client.force_login(people.user("lead"))
    assert address("build_publish", build.pk) not in client.get(build.get_absolute_url()).content.decode()
    text = client.post(address("build_publish", build.pk), follow=True).content.decode()
    assert "Make the report final before you publish it" in text


@pytest.mark.parametrize("url", [LIST, *(f"{LIST}1/{name}" for name in ("report.html", "report.pdf"))])
def test_the_public_pages_cannot_be_written_to(client, url):
    assert client.post(url).status_code == 405


def test_a_hundred_reports_take_no_more_queries_than_ten_or_one(client):
    counts = []
    for more in (1, 9, 90):
        for _number in range(more):
            published_build()
        with CaptureQueriesContext(connection) as context:
            client.get(LIST)
        counts.append(len(context))
    assert counts[0] == counts[1] == counts[2] <= 6


def test_twenty_a_page_with_the_newest_year_first(client):
    for _number in range(20):
        published_build()
    later = factories.report(engagement.period("2024-25"))
    factories.final_build(later, published_at=factories.FINISHED)
    answer = client.get(LIST)
    shown = list(answer.context["page"])
    assert (len(shown), shown[0].report, answer.context["page"].paginator.num_pages) == (20, later, 2)
    assert "page 2 of 2" in client.get(LIST, {"page": 2}).content.decode().split("</title>")[0]
