"""The sheet of forums: every row is new, changed, unchanged or wrong, and nothing is written unless all are right."""

import pytest

from core.imports import take_in
from core.tables import Kind
from core.tests.workbooks import workbook
from forums.models import Forum, ForumAlias, ForumLink
from forums.resources import ForumResource
from forums.tests import factories
from people.models import Organisation, OrganisationAlias
from people.tests import factories as people

pytestmark = pytest.mark.django_db
KIND = Kind("forums", "Forums", ForumResource)
HEADER = "name,kind,level,place,organisation,members,minimum_age,maximum_age,established,reports_to"


@pytest.fixture(autouse=True)
def kinds():
    factories.forum_kind("reader_panel")
    factories.forum_kind("patient_forum")


def load(*rows: str, header: str = HEADER, dry_run: bool = False, **options) -> dict:
    content = "\n".join([header, *rows]).encode()
    return take_in(KIND, content, "forums.csv", by=None, dry_run=dry_run, **options)


def errors(*rows: str, header: str = HEADER) -> list[tuple]:
    found = load(*rows, header=header)
    assert not found["accepted"]
    assert Forum.objects.count() == 0
    return [(error["row"], error["column"], error["problem"], error["fix"]) for error in found["errors"]]


def test_a_forum_is_taken_in_with_everything_that_its_row_says():
    people.area("West Essex")
    people.organisation("Essex ICB")

    load("Youth Council,Reader panel,place,west essex,Essex  ICB,over 700 in the network,12,19,01/09/2023,ICB Board")

    forum = Forum.objects.get()
    assert (forum.name, forum.kind.code, forum.level, forum.area.name) == (
        "Youth Council",
        "reader_panel",
        "place",
        "West Essex",
    )
    assert (forum.organisation.name, forum.size.text) == ("Essex ICB", "over 700 in the network")
    assert (forum.minimum_age, forum.maximum_age, str(forum.established_on)) == (12, 19, "2023-09-01")
    assert [link.target for link in forum.links.all()] == ["ICB Board"]
    assert forum.versions.get().history_change_reason == "import of forums.csv"


def test_an_empty_cell_stays_unknown():
    load("Youth Council,reader_panel,system,,,,,,,")

    forum = Forum.objects.get()
    assert (forum.size, forum.minimum_age, forum.established_on, forum.area) == (None, None, None, None)


def test_a_forum_may_report_to_one_that_stands_later_in_the_file():
    load("Working group,reader_panel,system,,,,,,,Patient Forum", "Patient Forum,patient_forum,system,,,,,,,")

    link = ForumLink.objects.get()
    assert (link.forum.name, link.to_forum.name, link.to_name) == ("Working group", "Patient Forum", "")


def test_a_board_that_has_become_a_forum_is_tied_to_it():
    row = "Working group,reader_panel,system,,,,,,,Patient Forum; ICB Board"
    load(row)
    factories.forum("Patient Forum")

    found = load(row, dry_run=False)

    assert found["changed"] == 1
    ties = {(link.target, link.to_forum_id is None) for link in ForumLink.objects.all()}
    assert ties == {("Patient Forum", False), ("ICB Board", True)}


def test_the_same_file_again_changes_nothing():
    rows = [
        "Working group,reader_panel,system,,New Ltd,around 60,,,,Patient Forum",
        "Patient Forum,patient_forum,system,,,,,,,",
    ]
    load(*rows)
    before = list(Forum.objects.values()), Forum.history.count(), list(ForumLink.objects.values())

    found = load(*rows)

    assert (found["created"], found["changed"], found["unchanged"]) == (0, 0, 2)
    assert (list(Forum.objects.values()), Forum.history.count(), list(ForumLink.objects.values())) == before


def test_a_forum_is_found_under_its_former_name_and_keeps_its_own():
    forum = factories.forum("Reader Panel", kind=factories.forum_kind("reader_panel"))
    ForumAlias.objects.create(forum=forum, name="Readers’ group")

    found = load("readers' group,reader_panel,system,,,9,,,,")

    assert (found["created"], found["changed"]) == (0, 1)
    forum.refresh_from_db()
    assert (forum.name, forum.size.text) == ("Reader Panel", "9")
    assert found["fates"][0]["changes"] == [{"column": "members", "old": "", "new": "9"}]


def test_a_column_that_the_sheet_lacks_is_left_alone_and_an_empty_cell_empties():
    factories.forum("Reader Panel", kind=factories.forum_kind("reader_panel"), chair="A chair", minimum_age=16)

    load("Reader Panel,reader_panel,system,", header="name,kind,level,minimum_age")

    forum = Forum.objects.get()
    assert (forum.chair, forum.minimum_age) == ("A chair", None)


def test_columns_are_found_in_any_order_case_and_spelling_and_others_are_named():
    found = load(
        "system,9,Youth Council,Reader_Panel,x",
        header="LEVEL,Members,Name,kind of,Minimum Age".replace("kind of", "Kind").replace("Minimum Age", "colour"),
    )

    assert found["ignored_columns"] == ["colour"]
    assert Forum.objects.get().size.value == 9


def test_a_new_organisation_is_added_once_and_said():
    found = load("A,reader_panel,system,,Carers Together,,,,,", "B,reader_panel,system,,carers together,,,,,")

    assert found["new_names"] == {"organisation": ["Carers Together"]}
    assert [fate["notes"] for fate in found["fates"]] == [["new organisation “Carers Together”"], []]
    assert Organisation.objects.get().forums.count() == 2


def test_an_organisation_is_found_under_another_name():
    body = people.body()
    OrganisationAlias.objects.create(organisation=body, name="HWE ICB")

    load("A,reader_panel,system,,HWE ICB,,,,,")

    assert Forum.objects.get().organisation == body


def test_a_slip_of_the_pen_is_no_new_organisation():
    people.organisation("Healthwatch Hertfordshire")

    assert errors("A,reader_panel,system,,Healthwatch Hertfordshre,,,,,") == [
        (
            2,
            "organisation",
            "There is no organisation called “Healthwatch Hertfordshre”",
            "Did you mean “Healthwatch Hertfordshire”? If not, add the new one in the admin first",
        )
    ]


def test_every_wrong_cell_is_named_with_a_remedy():
    people.area("West Essex")

    found = errors(
        "A,reader panl,sistem,West Essx,,lots,12.5,,31/02/2024,",
        ",reader_panel,system,,,,30,20,March 2023,",
        "B,reader_panel,,,,,,,,B",
    )

    assert [error[:3] for error in found] == [
        (2, "kind", "There is no kind called “reader panl”"),
        (2, "level", "There is no level called “sistem”"),
        (2, "place", "There is no area called “West Essx”"),
        (2, "members", "“lots” is not a count"),
        (2, "minimum_age", "“12.5” is not a whole number from 0 to 120"),
        (2, "established", "“31/02/2024” is a day that does not exist"),
        (3, "name", "The cell is empty"),
        (3, "established", "“March 2023” names a month, not a day"),
        (3, "maximum_age", "The oldest age, 20, is lower than the youngest, 30"),
        (4, "level", "The cell is empty"),
        (4, "reports_to", "A forum cannot report to itself"),
    ]
    assert all(error[3] for error in found)
    assert found[0][3].startswith("Did you mean “reader panel”?")
    assert found[2][3] == "Did you mean “West Essex”?"
    assert found[5][3] == "February 2024 has 29 days"


@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_near_miss_of_a_forum_is_no_other_body(is_recorded):
    if is_recorded:
        factories.forum("Reader Panel", kind=factories.forum_kind("reader_panel"))

    found = load("Reader Panel,reader_panel,system,,,,,,,", "A,reader_panel,system,,,,,,,Reader Pannel")

    assert [(error["problem"], error["fix"]) for error in found["errors"]] == [
        ("There is no forum called “Reader Pannel”", "Did you mean “Reader Panel”?")
    ]


def test_another_body_may_be_called_almost_like_a_forum_when_it_is_recorded():
    factories.forum("Reader Panel", kind=factories.forum_kind("reader_panel"))
    people.organisation("Reader Panels")

    load("A,reader_panel,system,,,,,,,Reader Panels")

    assert ForumLink.objects.get().to_name == "Reader Panels"


def test_a_name_that_stands_twice_is_refused():
    assert errors("A,reader_panel,system,,,,,,,", "a ,reader_panel,system,,,,,,,") == [
        (3, "name", "“a” stands in row 2 already", "Keep one of the two rows")
    ]


def test_two_names_of_one_forum_are_the_same_row_twice():
    forum = factories.forum("Reader Panel")
    ForumAlias.objects.create(forum=forum, name="Readers")

    found = load("Reader Panel,reader_panel,system,,,,,,,", "Readers,reader_panel,system,,,,,,,")

    assert [error["problem"] for error in found["errors"]] == ["“Readers” stands in row 2 already"]


def test_one_wrong_row_keeps_every_row_out():
    found = load("A,reader_panel,system,,New Ltd,,,,,", "B,nothing,system,,,,,,,")

    assert (found["created"], found["changed"], found["wrong"]) == (0, 0, 1)
    assert not Forum.objects.exists()
    assert not Organisation.objects.exists()


def test_a_dry_run_says_what_would_be_and_writes_nothing():
    found = load("A,reader_panel,system,,New Ltd,,,,,ICB Board", dry_run=True)

    assert (found["created"], found["accepted"]) == (1, True)
    assert not Forum.objects.exists()
    assert not Organisation.objects.exists()
    assert not Forum.history.exists()


def test_missing_columns_are_named_with_what_they_may_be_called_now():
    assert errors("A,reader_panel,system", header="name,kindd,level") == [
        (
            None,
            "kind",
            "The sheet has no column called “kind”",
            "Is it the column “kindd”? Correct its name in the first row",
        )
    ]


def test_at_most_fifty_errors_are_told_and_all_are_counted():
    found = load(*(f"Forum {number},nothing,nothing,,,,,,," for number in range(100)))

    assert (len(found["errors"]), found["error_count"], found["wrong"]) == (50, 200, 100)


def test_a_formula_in_a_column_that_is_not_read_does_no_harm():
    assert load("A,reader_panel,system,=1+1", header="name,kind,level,note")["created"] == 1


def test_a_workbook_says_the_same_as_a_table():
    content = workbook(forums=[["Name", "Kind", "Level", "Members"], ["A", "reader_panel", "system", 138.0]])

    found = take_in(KIND, content, "f.xlsx", by=None, dry_run=False)

    assert (found["sheet"], found["created"]) == ("forums", 1)
    assert Forum.objects.get().size.text == "138"


@pytest.mark.parametrize("rows", [1, 30])
def test_the_number_of_queries_does_not_grow_with_the_rows(rows, django_assert_max_num_queries):
    people.area("West Essex")
    lines = [f"Forum {number},reader_panel,place,West Essex,New Ltd,9,,,,ICB Board" for number in range(rows)]

    with django_assert_max_num_queries(20):
        load(*lines)
    with django_assert_max_num_queries(20):
        load(*lines)


def test_what_is_exported_can_be_imported_again_and_changes_nothing():
    load(
        "Working group,reader_panel,system,,New Ltd,around 60,12,19,2023-09-01,Patient Forum; ICB Board",
        "Patient Forum,patient_forum,system,,,,,,,",
    )
    exported = ForumResource().export()

    found = take_in(KIND, exported.export("csv").encode(), "again.csv", by=None, dry_run=False)

    assert (found["created"], found["changed"], found["unchanged"]) == (0, 0, 2)


def test_rows_are_never_imported_past_the_checks():
    with pytest.raises(NotImplementedError):
        ForumResource().import_data(None)
