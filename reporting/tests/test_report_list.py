"""The list of reports, what changed since the last, who took what, and who is told that a report is ready."""

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagement.tests import factories as engagement
from people.tests import factories as people
from reporting import tasks
from reporting.models import Build, Report
from reporting.tests import factories
from reporting.tests.test_life_pages import address, sign_in, text

pytestmark = pytest.mark.django_db


# The list ----------------------------------------------------------------------------------------


def finals(*codes: str) -> list[Build]:
    found = []
    for code in codes:
        engagement.activity(is_ongoing=True, ends_on=None, starts_on="2019-06-01")
        found.append(factories.final_build(factories.report(engagement.period(code))))
    return found


def test_a_secretary_sees_final_reports_and_nothing_else_by_period_the_newest_first(client):
    older, newer = finals("2021-22", "2022-23")
    factories.final_build(older.report, status="superseded")
    factories.finished_build(newer.report)
    factories.build(factories.report(engagement.period("2023-24")))
    sign_in(client, "secretary")
    answer = client.get(address("report_list"))

    assert list(answer.context["page"]) == [newer, older]
    page = text(answer)
    assert page.index(f"{newer.report.period} Reports of") < page.index(f"{older.report.period} Reports of")
    assert "Ask for a report" not in page
    assert "Progress" not in page


def test_the_list_says_what_changed_since_the_last(client):
    older, newer = finals("2021-22", "2022-23")
    sign_in(client, "secretary")
    page = text(client.get(address("report_list")))

    assert "Activities: now 2, before 1" in page
    changes = text(client.get(address("build_changes", newer.pk)))
    assert f"Compared with {older}" in changes
    assert "Activities whole report 1 2" in changes
    assert "This is the first final report of its kind." in text(client.get(address("build_changes", older.pk)))


def test_a_correction_is_compared_with_the_version_that_it_replaced(client):
    (older,) = finals("2021-22")
    Build.objects.update(status="superseded")
    engagement.activity(is_ongoing=True, ends_on=None, starts_on="2019-06-01")
    corrected = factories.final_build(older.report)
    sign_in(client, "secretary")

    page = text(client.get(address("build_changes", corrected.pk)))
    assert f"Compared with {older}" in page
    same = factories.report(engagement.period("2022-23"))
    factories.final_build(same, snapshot=corrected.snapshot)
    page = text(client.get(address("build_changes", same.builds.get().pk)))
    assert "No figure changed. Nothing came and nothing went." in page


@pytest.mark.parametrize("role", ["officer", "secretary"])
def test_a_hundred_versions_take_no_more_queries_than_ten_or_one(client, role):
    sign_in(client, role)
    factories.final_build(factories.report(engagement.period("2022-23")))
    counts = []
    for more in (1, 9, 90):
        for number in range(more):
            status = "final" if more + number == 1 else "superseded"
            factories.final_build(factories.report(engagement.period("2023-24")), status=status)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("report_list")).status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]


# Downloads, and being told -----------------------------------------------------------------------


def test_who_took_what_is_listed_for_who_may_finalise(client):
    build = factories.final_build()
    secretary = people.user("secretary", name="Sam Carr")
    for page in ("build_pdf", "build_html"):
        client.force_login(secretary)
        b"".join(client.get(address(page, build.pk)))
    build.downloads.create(file_format="xlsx")
    sign_in(client, "lead")
    page = text(client.get(address("build_downloads", build.pk)))

    assert "3 times, the last first" in page
    for words in ("Sam Carr PDF", "Sam Carr web page", "account is gone every table (Excel)"):
        assert words in page
    assert "Nobody has taken a file" in text(client.get(address("build_downloads", factories.finished_build().pk)))


def test_a_hundred_downloads_take_no_more_queries_than_ten_or_one(client):
    build = factories.final_build()
    sign_in(client, "lead")
    counts = []
    for more in (1, 9, 90):
        for _number in range(more):
            build.downloads.create(file_format="pdf", by=people.user("secretary"))
        with CaptureQueriesContext(connection) as queries:
            client.get(address("build_downloads", build.pk))
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize("is_final", [False, True])
def test_whoever_asked_is_told_when_it_is_ready(is_final):
    officer = people.user("officer", email="omar@example.org")
    engagement.principle_set(principles=1)
    build = factories.build(requested_by=officer, becomes_final=is_final)
    tasks.build_report(build.pk)

    (letter,) = mail.outbox
    assert (letter.to, letter.subject) == (["omar@example.org"], f"{build} is ready")
    assert build.get_absolute_url() in letter.body
    assert ("It is final and cannot be changed." in letter.body) == is_final


def test_the_leads_are_told_of_what_was_made_by_the_calendar():
    people.user("lead", email="leah@example.org")
    engagement.principle_set(principles=1)
    build = factories.build()
    tasks.build_report(build.pk)

    assert [letter.to for letter in mail.outbox] == [["leah@example.org"]]
    assert Report.objects.get().builds.get().state == "done"
