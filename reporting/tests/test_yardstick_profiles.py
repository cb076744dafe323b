"""The section [[yardstick]] of a profile: what England shares, what a body adds, what is refused."""

import tomllib

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError

from reporting.models import Descriptor, Dimension, Level, Yardstick
from reporting.profile.yardsticks import load_yardsticks
from reporting.tests import assessment_factories as factories

pytestmark = pytest.mark.django_db
ENGLAND = settings.BASE_DIR / "profiles" / "england.toml"
HERTS_VALLEYS = ENGLAND.with_name("herts-valleys.toml")


def rows_of(path) -> list[dict]:
    return tomllib.loads(path.read_text(encoding="utf-8"))["yardstick"]


def row(**changed) -> dict:
    said = {"code": "own", "kind": "domains", "name": "Our own", "levels": ["poor", "fair"]}
    return said | {"dimensions": [{"name": "Meetings"}, {"name": "Papers"}]} | changed


def refused(*rows) -> str:
    with pytest.raises(ValidationError) as caught:
        load_yardsticks(list(rows))
    return caught.value.messages[0]


@pytest.fixture
def england():
    load_yardsticks(rows_of(ENGLAND))


def names(code: str, part: str) -> list[str]:
    return [each.name for each in getattr(Yardstick.objects.get(code=code), part).all()]


def test_england_has_five_domains_with_four_ratings_and_three_pieces_of_evidence(england):
    found = Yardstick.objects.get(code="nhs-england-domains")
    assert names(found.code, "levels") == ["inadequate", "requires improvement", "good", "outstanding"]
    assert names(found.code, "dimensions") == [
        "Governance",
        "Annual reporting",
        "Practice",
        "Feedback and evaluation",
        "Equalities and health inequalities",
    ]
    assert (found.kind, found.most_links, found.target_level, found.target_number) == ("domains", 3, None, None)


def test_the_evaluation_has_five_headings_and_no_levels(england):
    assert names("evaluation-of-the-strategy", "levels") == []
    assert names("evaluation-of-the-strategy", "dimensions") == [
        "Process of implementing the strategy",
        "Barriers to implementation",
        "Stakeholders' views of how successfully it was delivered",
        "Impact of the work",
        "Cost of implementing the strategy",
    ]


def test_the_maturity_model_has_three_dimensions_and_levels_that_nobody_described(england):
    assert names("maturity-model", "levels") == ["level 1", "level 2", "level 3", "level 4"]
    assert names("maturity-model", "dimensions") == [
        "Effectiveness of a network that moves information and knowledge",
        "Origin and scope of content that flows through the network",
        "How far patient voice volunteers are engaged in governance",
    ]
    assert Descriptor.objects.count() == 0


def test_a_target_stands_in_the_file_of_its_own_body_and_outlives_loading_england_again(england):
    load_yardsticks(rows_of(HERTS_VALLEYS))
    load_yardsticks(rows_of(ENGLAND))
    found = Yardstick.objects.get(code="nhs-england-domains")
    assert (found.target_level.name, found.target_number, found.dimensions.count()) == ("good", 5, 5)


def test_loading_twice_changes_nothing(england):
    before = [list(model.objects.values()) for model in (Yardstick, Level, Dimension)]
    load_yardsticks(rows_of(ENGLAND))
    assert [list(model.objects.values()) for model in (Yardstick, Level, Dimension)] == before


def test_a_descriptor_is_loaded_once_and_what_staff_made_of_it_stays():
    described = row(dimensions=[{"name": "Meetings", "descriptors": {"fair": "Held as planned."}}])
    load_yardsticks([described])
    found = Descriptor.objects.get()
    assert (found.dimension.name, found.level.name, found.text) == ("Meetings", "fair", "Held as planned.")
    Descriptor.objects.update(text="Held, with papers in time.")
    load_yardsticks([described])
    assert Descriptor.objects.get().text == "Held, with papers in time."


def test_a_body_describes_the_levels_of_a_yardstick_of_another_file(england):
    dimensions = [{"name": name} for name in names("maturity-model", "dimensions")]
    dimensions[0]["descriptors"] = {"level 1": "There is no network."}
    load_yardsticks([{"code": "maturity-model", "dimensions": dimensions}])
    assert str(Descriptor.objects.get().level) == "level 1"
    assert Yardstick.objects.get(code="maturity-model").name == "Maturity of involvement"


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("levels", {"levels": ["poor", "fair", "fine"]}),
        ("levels", {"levels": ["poor", "middling"]}),
        ("dimensions", {"dimensions": [{"name": "Meetings"}]}),
        ("dimensions", {"dimensions": [{"name": "Meetings"}, {"name": "Minutes"}]}),
    ],
)
def test_what_a_final_assessment_used_keeps_its_levels_and_dimensions(part, changed):
    load_yardsticks([row()])
    own = Yardstick.objects.get()
    factories.judged(own, "fair", "fair")
    load_yardsticks([row(name="Our own one", target={"level": "fair"})])
    assert refused(row(**changed)) == (
        f"Our own: a final assessment used its {part}. Give the changed yardstick a code of its own"
    )
    own.refresh_from_db()
    assert (own.name, own.target_level.name, own.target_number) == ("Our own one", "fair", None)


def test_what_only_a_draft_used_may_change():
    load_yardsticks([row()])
    factories.judged(Yardstick.objects.get(), "fair", "fair", final_at=None)
    load_yardsticks([row(levels=["poor", "fair", "fine"])])
    assert names("own", "levels") == ["poor", "fair", "fine"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"colour": "blue"}, "Our own: nobody reads colour."),
        ({"kind": "guess"}, "own: Value 'guess' is not a valid choice."),
        ({"levels": []}, "Our own: name its levels, the lowest first"),
        ({"kind": "evaluation"}, "Our own: an evaluation is judged in words. Leave its levels out"),
        ({"target": {"level": "fine"}}, "Our own: there is no level 'fine'. Write one of: poor, fair"),
        ({"target": {"level": "fair", "number": 3}}, "Our own: the target must be a number of its dimensions, 1 to 2"),
        ({"target": {"level": "fair", "number": 0}}, "Our own: the target must be a number of its dimensions, 1 to 2"),
        ({"most_links": "many"}, "Our own: most_links: “many” value must be an integer."),
        ({"dimensions": [{"name": "Meetings", "weight": 2}]}, "Meetings: nobody reads weight."),
        (
            {"dimensions": [{"name": "Meetings", "descriptors": {"fine": "x"}}]},
            "Meetings: there is no level 'fine'. Write one of: poor, fair",
        ),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(changed, message):
    assert refused(row(**changed)).startswith(message)
    assert Yardstick.objects.count() == 0


def test_the_whole_section_is_loaded_or_nothing():
    refused(row(), row(code="second", levels=[]))
    assert Yardstick.objects.count() == 0
