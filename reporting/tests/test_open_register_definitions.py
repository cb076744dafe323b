"""One definition makes every form of a table: JSON, CSV, dictionary, page and OpenAPI say the same."""

import csv
import dataclasses
import io

import pytest
from pydantic import ValidationError

from forums.tests import factories as forums
from reporting.documents import register
from reporting.documents.register import dictionary
from reporting.documents.register.shape import COUNT_PARTS, Table, Type
from reporting.tests.open_register import NAMES, address, differences, of, one_of_each

TABLES = {table.name: table for table in register.TABLES}


@pytest.fixture
def description(client, db) -> dict:
    return client.get("/open-data/openapi.json").json()


def schema_of(description: dict, name: str) -> dict:
    return description["paths"][address(name)]["get"]["responses"]["200"]["content"]["application/json"]["schema"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_each_answer_is_what_openapi_says_of_it(client, description, name):
    one_of_each()
    one_of_each()
    page = of(client, name, page_size=1)
    assert len(page["rows"]) == 1
    assert differences(page, schema_of(description, name), description["components"]["schemas"]) == []


@pytest.mark.django_db
def test_the_comparison_finds_what_differs(client, description):
    forums.forum()
    schema, known = schema_of(description, "forums"), description["components"]["schemas"]
    page = of(client, "forums")
    row = page["rows"][0]
    row |= {"status": "asleep", "id": "1", "page": "no address", "established_on": "yesterday", "owner": "Canary"}
    assert sorted(each.split(" ")[0] for each in differences(page, schema, known)) == [
        "answer.rows[0]",
        "answer.rows[0].established_on",
        "answer.rows[0].id",
        "answer.rows[0].page",
        "answer.rows[0].status",
    ]


@pytest.mark.django_db
def test_openapi_names_every_address_by_get_alone_with_its_refusals(description):
    assert description["openapi"] == "3.1.0"
    assert description["info"]["license"]["name"] == "Open Government Licence v3.0"
    assert description["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert list(description["paths"]) == [address(name, ending) for name in NAMES for ending in ("json", "csv")]
    operations = [path["get"] for path in description["paths"].values()]
    assert [set(path) for path in description["paths"].values()] == [{"get"}] * len(operations)
    assert {frozenset(each["responses"]) for each in operations} == {
        frozenset(["200", "304", "404", "405", "422", "429"])
    }
    assert len({each["operationId"] for each in operations}) == len(operations)
    parameters = {
        path: [(each["name"], each["schema"].get("maximum")) for each in operation["get"]["parameters"]]
        for path, operation in description["paths"].items()
    }
    paged = [("page", None), ("page_size", 500)]
    assert parameters == {path: paged if path.endswith(".json") else [] for path in parameters}


@pytest.mark.django_db
@pytest.mark.parametrize(("query", "status"), [("?page=9", 404), ("?page=x", 422), ("?x=1", 422)])
def test_a_refusal_is_what_openapi_says_of_it(client, description, query, status):
    refusal = description["paths"][address("forums")]["get"]["responses"][str(status)]["content"]["application/json"]
    answer = client.get(address("forums") + query)
    assert differences(answer.json(), refusal["schema"], description["components"]["schemas"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_json_csv_dictionary_and_page_have_the_same_columns(client, name):
    one_of_each()
    table = TABLES[name]
    entries = list(dictionary.entries(table))
    names = [column.name for column in table.columns]
    assert list(of(client, name)["rows"][0]) == names == [each.name for each in entries if "." not in each.name]
    head = next(csv.reader(io.StringIO(client.get(address(name, "csv")).content.decode("utf-8-sig"))))
    assert head == [each.in_csv for each in entries if each.in_csv]
    page = " ".join(client.get("/open-data/").content.decode().split())
    section = page.split(f'<section aria-labelledby="{name}">')[1].split("</section>")[0]
    assert section.count('scope="row"') == len(entries)
    lines = csv.DictReader(io.StringIO(client.get("/open-data/dictionary.csv").content.decode("utf-8-sig")))
    assert [line["column"] for line in lines if line["table"] == name] == [each.name for each in entries]


@pytest.mark.parametrize("table", register.TABLES, ids=NAMES)
def test_every_column_says_what_it_means_with_an_example_of_its_type(table):
    for column in table.columns:
        assert str(column.meaning)
        assert column.codes is None or column.type is Type.CODE
        expected = {Type.WHOLE: int, Type.YES_NO: bool, Type.LIST: list, Type.COUNT: dict}.get(column.type, str)
        assert type(column.example) is expected, column.name
        if column.codes:
            assert column.example in column.codes.values
        if column.type is Type.COUNT:
            assert list(column.example) == [part.name for part in COUNT_PARTS]
    assert len({column.name for column in table.columns}) == len(table.columns)
    assert all(entry.source and entry.example for entry in dictionary.entries(table) if "." not in entry.name)


def test_no_table_is_there_twice():
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.django_db
def test_the_dictionary_says_who_publishes_and_under_which_licence(client):
    first = next(csv.DictReader(io.StringIO(client.get("/open-data/dictionary.csv").content.decode("utf-8-sig"))))
    assert (first["licence"], first["type"], first["may_be_empty"]) == (
        "Open Government Licence v3.0",
        "whole number",
        "false",
    )


@pytest.mark.django_db
def test_a_further_table_is_one_more_definition():
    forums.forum("One")
    table = register.TABLES[0]
    further = dataclasses.replace(table, name="further", columns=table.columns[:2])
    assert further.csv_names == ["id", "name"]
    assert [row["name"] for row in further.records(further.rows())] == ["One"]


@pytest.mark.django_db
def test_an_answer_with_more_than_its_schema_is_not_sent(client, monkeypatch):
    """The second lock: what the definition did not name is refused on its way out."""
    forums.forum()
    records = Table.records
    monkeypatch.setattr(Table, "records", lambda table, rows: [row | {"chair": "x"} for row in records(table, rows)])
    with pytest.raises(ValidationError):
        client.get(address("forums"))
