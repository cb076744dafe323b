"""The open register as those meet it who use it: pages, fingerprints, limits, refusals."""

import csv
import io
import json

import pytest
from django.utils import timezone

from core.counts import parse_count
from engagement.tests import factories as engagement
from forums.models import Forum
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.tests.open_register import (
    NAMES,
    address,
    of,
    one_of_each,
    publish_minutes,
    published_activity,
    rows_of,
    unready,
)
from reporting.views import open_data

pytestmark = pytest.mark.django_db
OGL = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"


def sheet(client, name: str) -> list[dict]:
    """A CSV file as a program reads it that knows of the mark at its beginning."""
    answer = client.get(address(name, "csv"))
    assert answer.status_code == 200, answer.content
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@pytest.mark.parametrize("role", ["", "member", "project_lead", "officer", "lead", "administrator", "secretary"])
def test_everybody_reads_every_table_signed_in_or_not(client, role):
    one_of_each()
    if role:
        client.force_login(people.user(role))
    for name in NAMES:
        assert len(rows_of(client, name)) >= 1
        assert len(sheet(client, name)) >= 1


def test_an_empty_register_says_so_everywhere(client):
    for name in NAMES:
        page = of(client, name)
        assert (page["total"], page["pages"], page["rows"], page["next"]) == (0, 1, [], None)
        assert sheet(client, name) == []
    assert client.get("/open-data/").status_code == 200


def test_a_forum_is_told_without_those_who_sit_on_it(client):
    row = one_of_each()["forum"]
    forums.membership(row, people.member("Canary Person"))
    [told] = [each for each in rows_of(client, "forums") if each["id"] == row.pk]
    assert told["also_called"] == ["Old name 1"]
    assert told["place"] == "Place 1"
    assert told["working_group_of"] == row.parent_id
    assert told["page"] == f"http://127.0.0.1:8000/forums/{row.pk}/"
    assert told["size"] == {
        "words": "around 60 members or subscribers",
        "value": 60,
        "upper": None,
        "qualifier": "around",
        "kind": "size",
    }
    assert told["youngest"] is None


def test_boards_and_committees_are_not_among_the_forums(client):
    forums.committee()
    assert rows_of(client, "forums") == []


@pytest.mark.parametrize(
    ("typed", "words", "value", "upper", "qualifier", "kind"),
    [
        ("over 700 in the network", "over 700 in the network", 700, None, "over", "size"),
        ("10 to 15", "10 to 15 took part", 10, 15, "", "took_part"),
        ("nearly all", "nearly all (number not recorded)", None, None, "nearly all", "took_part"),
        ("138 attended", "138 attended", 138, None, "", "attended"),
    ],
)
def test_a_number_keeps_its_words_its_kind_and_its_qualifier(client, typed, words, value, upper, qualifier, kind):
    engagement.activity_count(published_activity(), typed)
    [row] = rows_of(client, "activity_counts")
    assert list(row["figure"].values()) == [words, value, upper, qualifier, kind]
    [line] = sheet(client, "activity_counts")
    given = [str(value or ""), str(upper or ""), qualifier, kind]
    assert [line[f"figure_{part}"] for part in ("words", "value", "upper", "qualifier", "kind")] == [words, *given]


def test_unknown_is_empty_and_never_nought(client):
    forums.forum(size=None)
    [row] = rows_of(client, "forums")
    assert row["size"] is None
    [line] = sheet(client, "forums")
    assert [line[name] for name in line if name.startswith("size_")] == [""] * 5


def test_the_history_of_an_answer_has_every_step(client):
    answer = one_of_each()["answer"]
    answer.status_changes.create(status="under_way", note="The first labels are moved.")
    steps = rows_of(client, "you_said_we_did_history")
    assert [(each["answer"], each["status"], each["note"]) for each in steps] == [
        (answer.reference, "done", None),
        (answer.reference, "under_way", "The first labels are moved."),
    ]


def test_a_consultation_comes_once_its_project_asks_people_with_its_ready_documents(client):
    made = one_of_each()
    unready(made["consultation"])
    assert [row["activity"] for row in rows_of(client, "consultations")] == [made["activity"].reference]
    assert [row["title"] for row in rows_of(client, "consultation_documents")] == ["Full document"]
    made["project"].stage = "options"
    made["project"].save()
    assert rows_of(client, "consultations") == rows_of(client, "consultation_documents") == []


def test_results_of_a_consultation_are_told_once_they_are_published(client):
    consultation = one_of_each()["consultation"]
    consultation.results_link = "https://www.example.org/results"
    consultation.save()
    assert rows_of(client, "consultations")[0]["results"] is None
    consultation.results_published_on = timezone.localdate()
    consultation.save()
    assert rows_of(client, "consultations")[0]["results"] == "https://www.example.org/results"


def test_minutes_are_named_once_they_are_published(client):
    meeting = one_of_each()["meeting"]
    assert rows_of(client, "public_meetings")[0]["minutes"] is None
    publish_minutes(meeting)
    assert rows_of(client, "public_meetings")[0]["minutes"].endswith(f"/meetings/{meeting.pk}/minutes/")


def test_a_report_is_told_with_its_fingerprints_and_its_files_open(client):
    build = one_of_each()["build"]
    [row] = rows_of(client, "final_reports")
    assert (row["pdf_sha256"], row["facts_sha256"]) == (build.pdf_sha256, build.snapshot.sha256)
    for name in ("web_page", "pdf", "large_print"):
        file = client.get(row[name].removeprefix("http://127.0.0.1:8000"))
        assert (file.status_code, bool(file.getvalue())) == (200, True)


# Pages -------------------------------------------------------------------------------------------


def test_pages_follow_one_another_without_a_gap_or_a_repetition(client):
    for _number in range(7):
        forums.forum()
    url, seen = address("forums") + "?page_size=3", []
    while url:
        answer = client.get(url)
        page = answer.json()
        assert (page["total"], page["pages"], answer["X-Total-Count"]) == (7, 3, "7")
        seen += [row["id"] for row in page["rows"]]
        url = page["next"]
    assert seen == list(Forum.objects.order_by("pk").values_list("pk", flat=True))


def test_the_link_header_names_the_pages_around_this_one_and_the_licence(client):
    for _number in range(5):
        forums.forum()
    stem = f"http://127.0.0.1:8000{address('forums')}"
    links = client.get(address("forums"), {"page": 2, "page_size": 2})["Link"].split(", ")
    assert links == [
        f'<{stem}?page=1&page_size=2>; rel="first"',
        f'<{stem}?page=1&page_size=2>; rel="prev"',
        f'<{stem}?page=3&page_size=2>; rel="next"',
        f'<{stem}?page=3&page_size=2>; rel="last"',
        f'<{OGL}>; rel="license"',
    ]


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("page=2", 404, "There is no page 2. The last one is 1"),
        ("page=" + "9" * 40, 404, "There is no page …. The last one is 1"),
        ("page=" + "9" * 5000, 422, "Give “page” as a whole number, 1 or more"),
        ("page=0", 422, "Give “page” as a whole number, 1 or more"),
        ("page=-1", 422, "Give “page” as a whole number, 1 or more"),
        ("page=x", 422, "Give “page” as a whole number, 1 or more"),
        ("page=%00", 422, "Give “page” as a whole number, 1 or more"),
        ("page=", 422, "Give “page” as a whole number, 1 or more"),
        ("page_size=501", 422, "Give “page_size” as a whole number from 1 to 500"),
        ("page_size=0", 422, "Give “page_size” as a whole number from 1 to 500"),
        ("page=1&page=2", 422, "Give “page” once"),
        ("pagesize=2", 422, "There is no parameter “pagesize” here. Known: page, page_size"),
        ("owner__email=x", 422, "There is no parameter “owner__email” here. Known: page, page_size"),
        ("%00%ff=1", 422, "There is no parameter “\x00\ufffd” here. Known: page, page_size"),
    ],
)
def test_a_wrong_parameter_is_refused_in_plain_words(client, query, status, words):
    answer = client.get(f"{address('forums')}?{query}")
    assert (answer.status_code, answer.json()) == (status, {"status": status, "detail": words})
    assert answer["Content-Type"] == "application/json"
    assert answer["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", ["forums.csv", "dictionary.csv", "openapi.json"])
def test_what_comes_whole_takes_no_parameter(client, name):
    answer = client.get(f"/open-data/{name}?page=1")
    assert (answer.status_code, answer.json()["detail"]) == (422, "There is no parameter “page” here. Known: none")


@pytest.mark.parametrize("name", ["people", "forums", "forums.xml", "forums.json/", "a/b", "%00", "people.json"])
def test_a_table_that_is_not_there_is_a_404_in_json_that_names_those_that_are(client, name):
    answer = client.get(f"/open-data/{name}")
    assert answer.status_code == 404
    assert answer.json()["detail"].endswith(", ".join(NAMES))


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
@pytest.mark.parametrize("name", ["forums.json", "forums.csv", "dictionary.csv", "openapi.json", "nothing"])
def test_nothing_can_be_written(client, method, name):
    answer = getattr(client, method)(f"/open-data/{name}")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
    assert answer.json() == {"status": 405, "detail": "This register is read only. Use GET or HEAD"}


# Fingerprints, limits, other sites ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["forums.json", "forums.csv", "dictionary.csv", "openapi.json"])
def test_who_has_the_present_answer_gets_304_and_no_body(client, name):
    forums.forum()
    first = client.get(f"/open-data/{name}")
    again = client.get(f"/open-data/{name}", headers={"If-None-Match": first["ETag"]})
    assert not first["ETag"].startswith("W/")
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("ending", ["json", "csv"])
def test_the_fingerprint_changes_with_the_content_alone(client, ending):
    forum = forums.forum("One")
    first = client.get(address("forums", ending))
    Forum.objects.update(chair="Somebody else")
    assert client.get(address("forums", ending))["ETag"] == first["ETag"]
    Forum.objects.filter(pk=forum.pk).update(name="Two")
    changed = client.get(address("forums", ending), headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_the_newest_change_is_dated_but_does_not_hide_that_a_row_went_away(client):
    old, new = published_activity(), published_activity()
    type(old).objects.filter(pk=old.pk).update(updated_at="2024-04-02T09:00:00Z")
    type(new).objects.filter(pk=new.pk).update(updated_at="2024-05-02T09:00:00Z")
    first = client.get(address("activities"))
    assert first["Last-Modified"] == "Thu, 02 May 2024 09:00:00 GMT"
    type(new).objects.filter(pk=new.pk).update(published_at=None)
    again = client.get(address("activities"), headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.status_code, again.json()["total"], again["Last-Modified"]) == (
        200,
        1,
        "Tue, 02 Apr 2024 09:00:00 GMT",
    )


def test_a_head_request_has_the_headers_and_no_body(client):
    forums.forum()
    head, get = client.head(address("forums")), client.get(address("forums"))
    assert (head.status_code, head.content, head["ETag"], head["X-Total-Count"]) == (200, b"", get["ETag"], "1")


def test_other_sites_may_read_the_register_and_no_other_page(client):
    assert client.get(address("forums"))["Access-Control-Allow-Origin"] == "*"
    for url in ("/", "/open-data/", "/forums/", "/you-said-we-did/", "/reports/published/"):
        assert "Access-Control-Allow-Origin" not in client.get(url).headers


def test_who_asks_too_often_is_told_to_wait(client, monkeypatch):
    monkeypatch.setattr(open_data, "MOST_AN_HOUR", 2)
    assert [client.get(address("forums")).status_code for _number in range(3)] == [200, 200, 429]
    answer = client.get(address("principles", "csv"))
    assert (answer.status_code, answer["Retry-After"]) == (429, "3600")
    assert answer.json() == {"status": 429, "detail": "You have asked 2 times in an hour. Try again in an hour"}
    assert client.get("/open-data/").status_code == 200
    assert client.get(address("forums"), REMOTE_ADDR="192.0.2.7").status_code == 200


# CSV ---------------------------------------------------------------------------------------------


def test_a_csv_file_is_whole_marked_as_utf_8_and_named_with_its_day(client):
    for number in range(120):
        forums.forum(f"Fforwm ŵ {number}")
    answer = client.get(address("forums", "csv"))
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    name = f"forums-{timezone.localdate():%Y-%m-%d}.csv"
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    lines = sheet(client, "forums")
    assert (len(lines), lines[0]["name"]) == (120, "Fforwm ŵ 0")


def test_a_formula_is_neutralised_in_csv_and_exact_in_json(client):
    formula = '=HYPERLINK("http://x.example","Click")'
    forums.forum(formula)
    assert sheet(client, "forums")[0]["name"] == f"'{formula}"
    assert rows_of(client, "forums")[0]["name"] == formula


def test_script_and_control_characters_do_no_harm(client):
    nasty = "<script>alert(1)</script>\x0b\x1b[31m\u202e \U0001f600"
    forums.forum("One", purpose=nasty, size=parse_count("9"))
    assert rows_of(client, "forums")[0]["purpose"] == nasty
    assert sheet(client, "forums")[0]["purpose"] == nasty.replace("\x0b", " ").replace("\x1b", " ")
    assert client.get(address("forums"))["X-Content-Type-Options"] == "nosniff"


def test_lists_and_true_and_false_in_a_cell(client):
    activity = published_activity(areas=[people.area("Harlow"), people.area("Ware")])
    [line] = sheet(client, "activities")
    assert (line["places"], line["is_ongoing"], line["reference"]) == ("Harlow; Ware", "false", activity.reference)


# The page ----------------------------------------------------------------------------------------


def test_the_page_names_the_body_its_licence_its_limits_and_every_table(client):
    people.body()
    one_of_each()
    text = " ".join(client.get("/open-data/").content.decode().split())
    sentence = "Contains public sector information from Hertfordshire and West Essex ICB, licensed under the Open"
    assert sentence in text
    assert f'<a href="{OGL}">' in text
    assert "You may ask 600 times in an hour." in text
    assert 'href="/you-said-we-did/feed/"' in text
    for name in NAMES:
        assert f'id="{name}"' in text
        assert f'href="{address(name)}"' in text
        assert f'href="{address(name, "csv")}"' in text
    assert "<script>" not in text
    assert " style=" not in text


def test_the_page_cannot_be_written_to(client):
    assert client.post("/open-data/").status_code == 405


def test_the_licence_names_the_body_in_every_page_of_json(client):
    people.body()
    licence = of(client, "principles")["licence"]
    assert licence == {
        "publisher": "Hertfordshire and West Essex ICB",
        "name": "Open Government Licence v3.0",
        "address": OGL,
        "attribution": (
            "Contains public sector information from Hertfordshire and West Essex ICB, "
            "licensed under the Open Government Licence v3.0."
        ),
    }
    assert json.dumps(licence)
