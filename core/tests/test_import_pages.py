"""Imports through the admin: choose a file, see what becomes of each row, take it in. Once, and by whom it concerns."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core import imports, services, tasks
from core.models import AuditEvent, ImportRun, JobState
from engagement.models import Activity
from engagement.tests import factories as engagement
from people.tests import factories as people

pytestmark = pytest.mark.django_db
HEADER = "reference,title,principle,start\n"
GOOD = f"{HEADER}HWE-1,A title,1,2023-06-01\nHWE-2,Another,2,2023-07-01\n"
WRONG = f"{HEADER}HWE-1,A title,99,2023-06-01\nHWE-2,Another,1,soon\n"


@pytest.fixture(autouse=True)
def framework():
    engagement.period("2023-24")


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def browser_of(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def upload(client, text: str | bytes = GOOD, name: str = "activities.csv", kind: str = "activities", **answers):
    content = text.encode() if isinstance(text, str) else text
    return client.post("/admin/import/", {"kind": kind, "file": SimpleUploadedFile(name, content), **answers})


def run_of(response) -> ImportRun:
    return ImportRun.objects.get(pk=re.fullmatch(r"/admin/import/(\d+)/", response.url)[1])


def confirm(client, run):
    return client.post(reverse("admin:import_confirm", args=[run.pk]), follow=True)


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_page_asks_for_what_the_user_may_import(browser_of, officer):
    page = browser_of(officer).get("/admin/import/")

    assert page.status_code == 200
    assert [value for value, _label in page.context["form"].fields["kind"].choices] == [
        "population", "forums", "practice_groups", "activities", "indicators", "you_said_we_did",
    ]  # fmt: skip
    assert "Import a spreadsheet" in words(page)


def test_a_project_lead_may_import_activities_alone(browser_of):
    form = browser_of(people.user("project_lead")).get("/admin/import/").context["form"]

    assert [value for value, _label in form.fields["kind"].choices] == ["activities"]
    assert form["kind"].value() == "activities"


@pytest.mark.parametrize("role", ["secretary", "member"])
def test_others_may_not_import(browser_of, role):
    response = browser_of(people.user(role)).get("/admin/import/")

    assert response.status_code in {302, 403}
    assert "form" not in (response.context or {})


def test_staff_without_anything_to_import_are_refused(browser_of):
    user = people.user(is_staff=True)

    client = browser_of(user)

    assert client.get("/admin/import/").status_code == 403
    assert client.get("/admin/import/1/").status_code == 403


def test_a_stranger_is_sent_to_sign_in(client):
    assert client.get("/admin/import/").status_code == 302


def test_a_kind_that_the_user_may_not_import_is_refused(browser_of):
    response = upload(browser_of(people.user("project_lead")), kind="forums")

    assert response.context["form"].errors == {"kind": ["Select an answer from the list"]}
    assert not ImportRun.objects.exists()


def test_the_preview_shows_what_becomes_of_each_row_and_writes_nothing(browser_of, officer):
    engagement.activity("HWE-2", title="Old", principle=engagement.principle(2), starts_on="2023-07-01", ends_on=None)
    client = browser_of(officer)

    page = client.get(upload(client).url)

    said = words(page)
    assert "2 HWE-1 new" in said
    assert "3 HWE-2 changed title: Old → Another" in said
    assert "Import 2 rows" in page.content.decode()
    assert Activity.objects.get().title == "Old"


def test_what_is_confirmed_is_taken_in_and_the_upload_forgotten(browser_of, officer):
    client = browser_of(officer)
    run = run_of(upload(client))

    page = confirm(client, run)

    assert "Taken in: 2 new, 0 changed, 0 unchanged." in words(page)
    assert f'href="{reverse("admin:engagement_activity_changelist")}"' in page.content.decode()
    assert [activity.reference for activity in Activity.objects.all()] == ["HWE-1", "HWE-2"]
    run.refresh_from_db()
    assert (run.state, run.phase, bytes(run.content)) == (JobState.DONE, "apply", b"")
    assert "fates" not in run.result
    event = AuditEvent.objects.get(verb="imported")
    assert (event.actor_id, event.detail) == (officer.pk, {"created": 2, "changed": 0, "unchanged": 0})
    assert Activity.objects.first().versions.get().history_user == officer


def test_a_double_click_takes_in_once(browser_of, officer):
    client = browser_of(officer)
    run = run_of(upload(client))

    confirm(client, run)
    confirm(client, run)

    assert Activity.history.count() == 2
    assert AuditEvent.objects.filter(verb="imported").count() == 1


def test_a_wrong_file_is_explained_and_forgotten_and_cannot_be_confirmed(browser_of, officer):
    client = browser_of(officer)
    response = upload(client, WRONG)

    page = client.get(response.url)

    said = words(page)
    assert "2 things are wrong. Nothing was changed" in said
    assert "2 principle There is no principle 99 in 2023–24 Write one of these numbers: 1, 2, 3" in said
    assert "3 start “soon” is not a date" in said
    assert "Choose another file" in said
    assert "import_confirm" not in page.content.decode()
    run = run_of(response)
    assert bytes(run.content) == b""
    assert not services.confirm_import(run, by=officer)
    assert not Activity.objects.exists()


def test_what_has_become_wrong_since_the_check_is_not_taken_in(browser_of, officer):
    client = browser_of(officer)
    run = run_of(upload(client))
    engagement.period("2023-24").__class__.objects.update(state="locked")

    page = confirm(client, run)

    assert "One cell is wrong" in words(page) or "is locked" in words(page)
    assert not Activity.objects.exists()
    run.refresh_from_db()
    assert (run.result["accepted"], run.result["created"], bytes(run.content)) == (False, 0, b"")


def test_the_reason_for_late_entries_goes_with_the_file(browser_of, officer):
    engagement.locked_period("2022-23")
    client = browser_of(officer)
    text = f"{HEADER}HWE-1,A title,1,2022-06-01\n"

    assert "is locked" in words(client.get(upload(client, text).url))
    confirm(client, run_of(upload(client, text, late_reason="The notes came late")))

    assert Activity.objects.get().late_reason == "The notes came late"


def test_nothing_new_leaves_nothing_to_confirm(browser_of, officer):
    client = browser_of(officer)
    confirm(client, run_of(upload(client)))

    page = client.get(upload(client).url)

    assert "There is nothing to import: all of this is recorded already." in words(page)
    assert "Import 2 rows" not in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", b"", "The file is empty. Choose the file that holds your rows"),
        ("a.png", b"\x89PNG\r\n", "The file is an image, not a spreadsheet."),
        ("a.xlsx", b"name\nA\n", "The file is named .xlsx but is not an Excel workbook."),
        ("a.csv", b"a" * (5 * 1024 * 1024 + 1), "The file is larger than 5 MB."),
    ],
)
def test_a_file_that_is_no_spreadsheet_is_refused_on_the_form(browser_of, officer, name, content, error):
    page = upload(browser_of(officer), content, name)

    assert page.context["form"].errors["file"][0].startswith(error)
    assert 'href="#id_file"' in page.content.decode()
    assert not ImportRun.objects.exists()


def test_no_file_and_no_kind_are_asked_for(browser_of, officer):
    page = browser_of(officer).post("/admin/import/", {})

    assert page.context["form"].errors["file"] == ["Choose a spreadsheet"]
    assert list(page.context["form"].errors) == ["kind", "file"]


def test_somebody_elses_import_is_not_found_except_by_an_administrator(browser_of, officer):
    run = services.start_import("activities", "a.csv", GOOD.encode(), by=officer)
    urls = reverse("admin:import_run", args=[run.pk]), reverse("admin:core_importrun_change", args=[run.pk])

    client = browser_of(people.user("officer"))
    assert [client.get(url).status_code for url in urls] == [404, 404]
    assert client.post(reverse("admin:import_confirm", args=[run.pk])).status_code == 404
    assert client.get("/admin/import/99999/").status_code == 404
    assert client.get(reverse("admin:core_importrun_changelist")).context["cl"].result_count == 0
    assert not Activity.objects.exists()

    client = browser_of(people.user("administrator"))
    assert client.get(urls[0]).status_code == 200
    assert client.get(reverse("admin:core_importrun_changelist")).context["cl"].result_count == 1


def test_who_lost_the_permission_since_the_check_cannot_confirm(browser_of):
    user = people.user("project_lead")
    run = services.start_import("forums", "a.csv", b"name,kind,level\nA,b,c\n", by=user)

    assert browser_of(user).post(reverse("admin:import_confirm", args=[run.pk])).status_code == 403


def test_an_import_is_confirmed_by_a_button_not_by_a_link(browser_of, officer):
    run = services.start_import("activities", "a.csv", GOOD.encode(), by=officer)

    assert browser_of(officer).get(reverse("admin:import_confirm", args=[run.pk])).status_code == 405
    assert not Activity.objects.exists()


def large() -> bytes:
    return (HEADER + "".join(f"HWE-{number},T,1,2023-06-01\n" for number in range(1001))).encode()


def test_a_large_file_is_left_to_a_worker_and_its_page_looks_again(browser_of, officer, eager_tasks):
    client = browser_of(officer)
    response = upload(client, large())

    page = client.get(response.url)
    run = run_of(response)

    assert run.state == JobState.QUEUED
    assert "data-look-again" in page.content.decode()
    assert "<progress" in page.content.decode()
    tasks.run_import(run.pk)
    assert "data-look-again" not in client.get(response.url).content.decode()
    assert services.confirm_import(run, by=officer)
    tasks.run_import(run.pk)
    tasks.run_import(run.pk)
    assert Activity.objects.count() == 1001
    assert Activity.history.count() == 1001


def test_rows_are_shown_page_by_page_and_by_fate(browser_of, officer):
    engagement.activity("HWE-1", title="T", principle=engagement.principle(1), starts_on="2023-06-01", ends_on=None)
    run = services.start_import("activities", "a.csv", large(), by=officer)
    tasks.run_import(run.pk)
    client = browser_of(officer)

    def shown(query: str) -> tuple[int, int]:
        rows = client.get(reverse("admin:import_run", args=[run.pk]) + query).context["rows"]
        return len(rows), rows.paginator.count

    assert shown("") == (100, 1001)
    assert shown("?page=11") == (1, 1001)
    assert shown("?page=lots") == (100, 1001)
    assert shown("?fate=unchanged") == (1, 1)
    assert shown("?fate=wrong") == (0, 0)
    assert shown("?fate=nonsense") == (100, 1001)


def test_what_a_cell_says_is_never_markup(browser_of, officer):
    page = browser_of(officer).get(upload(browser_of(officer), f"{HEADER}<script>x</script>,T,1,2023-06-01\n").url)

    assert "<script>x" not in page.content.decode()
    assert "&lt;script&gt;x" in page.content.decode()


def test_an_upload_that_nobody_confirms_is_forgotten_after_a_day(browser_of, officer):
    run = services.start_import("activities", "a.csv", GOOD.encode(), by=officer)
    waiting = services.start_import("activities", "a.csv", GOOD.encode(), by=officer)
    stuck = ImportRun.objects.create(kind="activities", file_name="a.csv", content=large(), requested_by=officer)
    long_ago = timezone.now() - datetime.timedelta(days=1, minutes=1)
    ImportRun.objects.filter(pk__in=[run.pk, stuck.pk]).update(requested_at=long_ago)

    assert imports.forget_abandoned() == 2
    assert imports.forget_abandoned() == 0

    assert [bool(bytes(each.content)) for each in ImportRun.objects.order_by("pk")] == [False, True, False]
    assert not services.confirm_import(run, by=officer)
    assert services.confirm_import(waiting, by=officer)
    client = browser_of(officer)
    assert "The file is no longer here" in words(client.get(reverse("admin:import_run", args=[run.pk])))
    assert "The import stopped" in words(client.get(reverse("admin:import_run", args=[stuck.pk])))


def test_the_list_says_what_became_of_each_import(browser_of, officer):
    client = browser_of(officer)
    upload(client, WRONG)
    confirm(client, run_of(upload(client)))
    upload(client, f"{HEADER}HWE-9,T,1,2023-06-01\n")
    services.start_import("activities", "large.csv", large(), by=officer)
    failed = services.start_import("activities", "large.csv", large(), by=officer)
    ImportRun.objects.filter(pk=failed.pk).update(state="failed", error="It broke", finished_at=timezone.now())

    said = words(client.get(reverse("admin:core_importrun_changelist")))

    for became in ("refused", "taken in: 2 new, 0 changed", "waiting to be confirmed", "being checked", "It broke"):
        assert became in said


def test_the_admins_own_pages_of_an_import_lead_to_ours(browser_of, officer):
    run = services.start_import("activities", "a.csv", GOOD.encode(), by=officer)
    client = browser_of(officer)

    assert client.get(reverse("admin:core_importrun_add")).url == "/admin/import/"
    assert client.get(reverse("admin:core_importrun_change", args=[run.pk])).url == f"/admin/import/{run.pk}/"
    assert client.get(reverse("admin:core_importrun_history", args=[run.pk])).url == f"/admin/import/{run.pk}/"
    assert client.get(reverse("admin:core_importrun_change", args=["abc"])).status_code == 404
    assert client.post(reverse("admin:core_importrun_delete", args=[run.pk]), {"post": "yes"}).status_code == 403
