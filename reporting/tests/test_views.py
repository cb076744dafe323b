"""The reports pages: who sees which version, what they may ask for, and how files are handed out."""

import base64
import hashlib
import re

import pytest
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import AuditEvent
from engagement.models import Period
from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting.models import Build, Download, Report
from reporting.tests import factories

pytestmark = pytest.mark.django_db

STAFF = ["administrator", "lead", "officer", "project_lead"]
WORKING = ["administrator", "lead", "officer"]


def sign_in(client, role: str = ""):
    user = people.user(role)
    client.force_login(user)
    return user


def address(page: str, *args) -> str:
    return reverse(f"reporting:{page}", args=args)


def content(answer) -> bytes:
    """What a file holds. Reading to its end closes it."""
    return b"".join(answer.streaming_content)


def text(response) -> str:
    return " ".join(response.content.decode().split())


# Who gets in -------------------------------------------------------------------------------------


@pytest.fixture
def pages() -> dict[str, str]:
    build = factories.final_build()
    alternative = build.report.alternatives.create(kind="easy_read", file=ContentFile(b"%PDF", name="easy.pdf"))
    found = {
        page: address(page, build.pk)
        for page in ("build_detail", "build_pdf", "build_large_print", "build_html", "build_finalise")
    }
    found |= {"report_list": address("report_list"), "report_request": address("report_request")}
    return found | {
        "report_detail": address("report_detail", build.report.pk),
        "alternative_file": address("alternative_file", alternative.pk),
    }


READING = ["report_list", "build_detail", "build_pdf", "build_large_print", "build_html", "alternative_file"]


def statuses(client, pages) -> dict[str, int]:
    found = {}
    for page, url in pages.items():
        answer = client.post(url) if page in {"report_request", "build_finalise"} else client.get(url)
        found[page] = answer.status_code
        if answer.streaming:
            content(answer)
    return found


def test_a_stranger_is_sent_to_log_in_from_every_page(client, pages):
    for page, url in pages.items():
        answer = client.post(url) if page in {"report_request", "build_finalise"} else client.get(url)
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={url}")
    assert not Download.objects.exists()


@pytest.mark.parametrize("role", ["", "member"])
def test_a_member_gets_no_page(client, pages, role):
    sign_in(client, role)

    assert set(statuses(client, pages).values()) == {403}
    assert not Download.objects.exists()


def test_a_secretary_reads_and_asks_for_nothing(client, pages):
    sign_in(client, "secretary")

    assert statuses(client, pages) == dict.fromkeys(READING, 200) | {
        "report_detail": 403,
        "report_request": 403,
        "build_finalise": 403,
    }


@pytest.mark.parametrize("role", ["officer", "lead"])
def test_the_team_asks_for_reports_and_only_a_lead_makes_one_final(client, pages, role):
    sign_in(client, role)

    assert statuses(client, pages) == dict.fromkeys([*READING, "report_detail"], 200) | {
        "report_request": 422,
        "build_finalise": 302 if role == "lead" else 403,
    }


def test_a_superseded_version_can_still_be_read(client):
    sign_in(client, "secretary")
    build = factories.final_build(status="superseded")

    assert client.get(address("build_detail", build.pk)).status_code == 200


@pytest.mark.parametrize("page", ["build_detail", "build_pdf", "build_large_print", "build_html"])
def test_a_draft_is_not_there_for_a_secretary(client, page):
    sign_in(client, "secretary")
    draft = factories.finished_build()

    assert client.get(address(page, draft.pk)).status_code == 404
    assert str(draft) not in text(client.get(address("report_list")))
    assert "There is no report to read yet." in text(client.get(address("report_list")))


def test_an_alternative_format_is_not_there_for_a_secretary_before_the_final_version(client):
    sign_in(client, "secretary")
    report = factories.finished_build().report
    alternative = report.alternatives.create(kind="easy_read", file=ContentFile(b"%PDF", name="easy.pdf"))

    assert client.get(address("alternative_file", alternative.pk)).status_code == 404


def test_a_project_lead_sees_no_draft_and_asks_for_nothing(client):
    sign_in(client, "project_lead")
    draft = factories.finished_build()

    assert client.get(address("build_detail", draft.pk)).status_code == 404
    assert "Ask for a report" not in text(client.get(address("report_list")))


@pytest.mark.parametrize("page", ["report_request", "build_finalise"])
def test_what_changes_something_takes_a_post_alone(client, page):
    sign_in(client, "lead")
    args = [factories.finished_build().pk] if page == "build_finalise" else []

    assert client.get(address(page, *args)).status_code == 405
    assert Build.objects.count() == len(args)


@pytest.mark.parametrize("page", ["report_list", "build_detail", "build_pdf", "build_html", "report_detail"])
def test_what_only_shows_something_takes_no_post(client, page):
    sign_in(client, "lead")
    build = factories.finished_build()
    args = {"report_list": [], "report_detail": [build.report.pk]}.get(page, [build.pk])

    assert client.post(address(page, *args)).status_code == 405


# Asking ------------------------------------------------------------------------------------------


def test_asking_makes_one_row_and_leads_to_its_page(client):
    officer = sign_in(client, "officer")
    period = engagement.period()
    asked = {"kind": "annual", "period": period.pk}
    answer = client.post(address("report_request"), asked)
    again = client.post(address("report_request"), asked)

    build = Build.objects.get()
    assert (answer.status_code, answer.url) == (302, build.get_absolute_url())
    assert again.url == answer.url
    assert (build.report.period, build.requested_by, build.state) == (period, officer, "queued")


@pytest.mark.parametrize("period", ["", "999", "nonsense"])
def test_a_wrong_period_is_explained_in_the_summary_and_at_the_field(client, period):
    sign_in(client, "officer")
    engagement.period()
    answer = client.post(address("report_request"), {"kind": "annual", "period": period})

    message = "Select a period from the list" if period else "Select period"
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.findall(r'<a href="#id_period">([^<]+)</a>', html) == [message]
    assert "<title>Error: Reports" in html
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("kind", "period", "message"),
    [
        ("annual", "q1", "This kind of report is made of a year. Select a year"),
        ("assessment", "q1", "This kind of report is made of a year. Select a year"),
        ("quarterly", "2023-24", "The quarterly assurance report is made of a quarter. Select a quarter"),
    ],
)
def test_a_kind_of_report_with_the_wrong_kind_of_period_is_refused_in_words(client, kind, period, message):
    sign_in(client, "officer")
    engagement.period()
    engagement.period("q1", kind="quarter", starts_on="2023-04-01", ends_on="2023-06-30")
    answer = client.post(address("report_request"), {"kind": kind, "period": Period.objects.get(code=period).pk})

    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.findall(r'<a href="#id_period">([^<]+)</a>', html) == [message]
    assert re.findall(r"<option[^>]*selected[^>]*>([^<]+)<", html)[0] == Report.Kind(kind).label
    assert not Report.objects.exists()


def test_a_quarterly_report_is_asked_for_with_its_quarter(client):
    sign_in(client, "officer")
    quarter = engagement.period("q1", kind="quarter", starts_on="2023-04-01", ends_on="2023-06-30")
    answer = client.post(address("report_request"), {"kind": "quarterly", "period": quarter.pk})

    build = Build.objects.get()
    assert (answer.status_code, answer.url) == (302, build.get_absolute_url())
    assert (build.report.kind, build.report.period) == ("quarterly", quarter)


def test_the_form_offers_first_the_last_ended_year_with_something_to_report(client):
    sign_in(client, "officer")
    for code in ("2022-23", "2023-24", "2024-25"):
        engagement.period(code)
    engagement.activity()
    html = client.get(address("report_list")).content.decode()

    assert re.findall(r"<option[^>]*selected[^>]*>([^<]+)<", html) == ["Annual engagement report", "2023–24"]


# The list ----------------------------------------------------------------------------------------


def test_the_list_names_each_version_its_state_and_its_files(client):
    sign_in(client, "officer")
    report = factories.report()
    final = factories.final_build(report)
    factories.failed_build(report)
    running = factories.running_build(report, step=3, steps=6)
    html = text(client.get(address("report_list")))

    rows = [re.sub(r"<[^>]+>", "|", row) for row in re.findall(r"<tr class.*?</tr>", html)]
    assert len(rows) == 3
    assert all("being made, 50%" in row for row in rows if str(running) in row)
    assert f'href="{address("build_pdf", final.pk)}"' in html
    assert f'href="{address("build_pdf", running.pk)}"' not in html


@pytest.mark.parametrize("role", ["officer", "secretary"])
def test_the_list_asks_the_database_as_often_for_three_rows_as_for_one(client, role):
    sign_in(client, role)
    engagement.activity(is_ongoing=True, ends_on=None, starts_on="2021-06-01")
    counted = []
    for code in ("2021-22", "2022-23", "2023-24"):
        factories.final_build(factories.report(engagement.period(code)), requested_by=people.user("lead"))
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address("report_list"))
        assert answer.status_code == 200
        counted.append(len(queries))

    assert counted[0] == counted[2]


# Progress ----------------------------------------------------------------------------------------

LOOKS_AGAIN = '<script type="module" src="/static/progress.js"></script>'


def test_the_page_of_a_waiting_build_says_so_and_looks_again_by_itself(client):
    sign_in(client, "officer")
    html = text(client.get(factories.build().get_absolute_url()))

    assert LOOKS_AGAIN in html
    assert "Waiting for a worker" in html
    assert re.search(r'<progress[^>]* value="0"[^>]*max="100"|<progress[^>]*max="100"[^>]* value="0"', html)
    assert "Make the final version" not in html


def test_the_page_of_a_running_build_says_which_step_it_is_at(client):
    sign_in(client, "officer")
    build = factories.running_build(step=3, steps=6, step_label="Laying out the PDF")
    html = text(client.get(build.get_absolute_url()))

    assert LOOKS_AGAIN in html
    assert "Step 4 of 6: Laying out the PDF" in html
    assert re.search(r'<progress[^>]*value="50"', html)


def test_the_page_of_a_failed_build_gives_the_reason_and_stays(client):
    sign_in(client, "officer")
    html = text(client.get(factories.failed_build().get_absolute_url()))

    assert "<p>The paper ran out.</p>" in html
    assert (LOOKS_AGAIN in html, "<progress" in html) == (False, False)


def test_the_page_of_a_finished_build_leads_to_its_files_and_shows_the_fingerprints(client):
    sign_in(client, "officer")
    build = factories.finished_build(requested_by=people.user("lead", name="Leah Brand"))
    build.report.alternatives.create(kind="translation", language="Polish", file=ContentFile(b"%PDF", name="p.pdf"))
    html = text(client.get(build.get_absolute_url()))

    assert (LOOKS_AGAIN in html, "<progress" in html) == (False, False)
    for page in ("build_pdf", "build_large_print", "build_html"):
        assert f'href="{address(page, build.pk)}"' in html
    assert build.snapshot.sha256 in html
    assert build.pdf_sha256 in html
    assert "Leah Brand" in html
    assert "Translation: <bdi" in html


def test_only_who_may_make_a_report_final_is_offered_it_and_only_for_a_draft(client):
    draft = factories.finished_build()
    engagement.activity("A-1", title="Recorded later")
    final = factories.final_build(draft.report)
    offered = {}
    for role in ("officer", "lead"):
        sign_in(client, role)
        for build in (draft, final):
            offered[role, build.status] = "Make the final version" in text(client.get(build.get_absolute_url()))

    assert [key for key in offered if offered[key]] == [("lead", "draft")]


@pytest.mark.parametrize("page", ["build_pdf", "build_large_print", "build_html"])
def test_a_build_that_is_not_finished_has_no_files(client, page):
    sign_in(client, "officer")

    assert client.get(address(page, factories.running_build().pk)).status_code == 404
    assert client.get(address(page, 404)).status_code == 404
    assert not Download.objects.exists()


# Final -------------------------------------------------------------------------------------------


def test_making_it_final_asks_for_a_build_of_the_same_snapshot(client):
    sign_in(client, "lead")
    draft = factories.finished_build()
    answer = client.post(address("build_finalise", draft.pk))

    final = Build.objects.get(version=2)
    assert (answer.status_code, answer.url) == (302, final.get_absolute_url())
    assert (final.becomes_final, final.snapshot) == (True, draft.snapshot)


def test_what_cannot_be_made_final_says_why_on_its_page(client):
    sign_in(client, "lead")
    build = factories.final_build()
    answer = client.post(address("build_finalise", build.pk), follow=True)

    assert answer.redirect_chain == [(build.get_absolute_url(), 302)]
    assert "This version is final already." in text(answer)
    assert Build.objects.count() == 1


# Files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("page", "field", "name"),
    [
        ("build_pdf", "pdf", "Annual engagement report 2023-24 v1 draft.pdf"),
        ("build_large_print", "large_print", "Annual engagement report 2023-24 v1 draft large print.pdf"),
    ],
)
@pytest.mark.parametrize("download", [False, True])
def test_a_pdf_is_handed_out_under_its_name_and_kept_as_a_download(client, page, field, name, download):
    officer = sign_in(client, "officer")
    build = factories.finished_build()
    answer = client.get(address(page, build.pk), {"download": "1"} if download else {})

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == f'{"attachment" if download else "inline"}; filename="{name}"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert content(answer) == factories.read(getattr(build, field))
    taken = Download.objects.get()
    assert (taken.build, taken.file_format, taken.by) == (build, field, officer)


def test_the_name_of_a_final_version_does_not_say_draft(client):
    sign_in(client, "secretary")
    answer = client.get(address("build_pdf", factories.final_build().pk))

    assert answer["Content-Disposition"] == 'inline; filename="Annual engagement report 2023-24 v1.pdf"'
    assert content(answer) == b"%PDF-1.7 draft"


def test_the_web_page_may_load_nothing_but_the_styles_inside_it(client):
    officer = sign_in(client, "officer")
    styles = b"p { color: #005eb8 }"
    build = factories.finished_build(html=b"<!DOCTYPE html><style>" + styles + b"</style><p>Words</p>")
    answer = client.get(address("build_html", build.pk))

    fingerprint = base64.b64encode(hashlib.sha256(styles).digest()).decode()
    policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{fingerprint}'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer["Content-Type"] == "text/html; charset=utf-8"
    assert answer.content == factories.read(build.html)
    assert Download.objects.get().by == officer
    assert Download.objects.get().file_format == "html"


def test_a_web_page_without_styles_may_have_none(client):
    sign_in(client, "officer")
    answer = client.get(address("build_html", factories.finished_build().pk))

    assert "style-src 'none'" in answer["Content-Security-Policy"].split("; ")


def test_an_alternative_format_is_handed_out_under_its_name(client):
    sign_in(client, "secretary")
    report = factories.final_build().report
    alternative = report.alternatives.create(kind="audio", file=ContentFile(b"sound", name="a.mp3"))
    answer = client.get(address("alternative_file", alternative.pk))

    # RFC 5987: the name holds a dash that ASCII has not.
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''Annual%20engagement%20report")
    assert answer["Content-Disposition"].endswith("audio.mp3")
    assert content(answer) == b"sound"
    assert AuditEvent.objects.filter(verb="downloaded").count() == 1


# What the record lacks ---------------------------------------------------------------------------


def test_the_page_of_a_report_lists_the_gaps_of_the_record_as_it_stands_now(client):
    sign_in(client, "officer")
    build = factories.finished_build()
    engagement.activity("A-9", title="Recorded after the build")
    html = text(client.get(address("report_detail", build.report.pk)))

    assert "1 activity in the record now." in html
    assert "<li>A-9 Recorded after the build</li>" in html
    assert "No number: 1 of 1" in html
    assert "Left out of this report: none" in html
    assert f'<a href="{build.get_absolute_url()}">Version 1</a> (draft, ready)' in html


def test_a_report_that_is_not_there_is_not_found(client):
    sign_in(client, "officer")

    assert client.get(address("report_detail", 404)).status_code == 404
