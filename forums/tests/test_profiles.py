"""The four bodies as data: every forum that the sources name (FNM-001 to 054) loads from a file, none from the code."""

import ast
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings

from core import imports, profiles, tables
from core.profiles import ProfileError
from engagement.models import Period
from forums.models import Forum, ForumAlias, ForumLink, SeatRole, SeatRule
from people.models import EqualityQuestion, Organisation
from reporting.documents.annual import gather
from reporting.management.commands.load_demo import PERIOD, SHEETS, YEAR
from reporting.models import Report

pytestmark = pytest.mark.django_db

FOLDER = Path(settings.BASE_DIR) / "profiles"
HWE = "hertfordshire-and-west-essex"
HW = "herefordshire-and-worcestershire"
LLR = "leicester-leicestershire-and-rutland"
HV = "herts-valleys"

# Counted from the rows below, and the boards and committees that those forums report to.
COUNTS = {
    HWE: {"forums": 27, "committees": 7, "proposed": 9, "roles": 26, "seat rules": 28, "ties": 23, "other names": 12},
    HW: {"forums": 19, "committees": 6, "proposed": 4, "roles": 26, "seat rules": 12, "ties": 15, "other names": 17},
    LLR: {"forums": 21, "committees": 8, "proposed": 1, "roles": 26, "seat rules": 6, "ties": 4, "other names": 8},
    HV: {"forums": 5, "committees": 2, "proposed": 0, "roles": 26, "seat rules": 0, "ties": 3, "other names": 1},
}
ICB_BOARD = "ICB Board"
PEF = "Patient Engagement Forum"
COMMITTEE = "Primary Care Transformation Committee"
COPRODUCTION = "South and West Hertfordshire Co-production Board"
FNM = {
    HWE: {
        1: [PEF, ICB_BOARD],
        2: [
            "PEF working group: primary care",
            "PEF working group: acute and community care",
            "PEF working group: mental health and learning disability",
        ],
        3: ["Primary Care public participation sub-group", "Nursing and Quality public participation sub-group"],
        4: ["Citizen representatives, Primary Care Transformation Committee", COMMITTEE],
        5: ["Quality Patient Group", "System Transformation and Quality Improvement Committee"],
        6: ["Youth Council"],
        7: ["Patient and Community Network"],
        8: ["East and North Hertfordshire Community Assembly"],
        9: ["West Essex Community Voices Group"],
        10: ["West Essex Citizens' Panel"],
        11: [COPRODUCTION],
        12: ["Reader Panel"],
        13: ["Network of patient voice partners"],
        14: ["Community engagement champions"],
        15: ["Social media-based involvement network"],
        16: ["Engagement Network"],
        18: ["PPG steering group"],
        19: ["Task and finish group for the Involvement and Engagement Framework"],
        20: ["Quality improvement network"],
        21: ["Research Engagement Network"],
        22: ["Hertfordshire and West Essex diabetes support group"],
        23: [
            "ICS communications and engagement leads",
            "Communications cell of the Local Resilience Forum",
            "Regional communications meeting of NHS England",
            "National communications meeting of NHS England",
        ],
        24: ["Hertfordshire All Age Autism Co-Production Board"],
    },
    HW: {
        25: ["Prevention, Health Inequalities, Engagement and Participation Advisory Panel", ICB_BOARD],
        26: ["Herefordshire and Worcestershire ICS Communications and Engagement Advisory Group"],
        27: ["Herefordshire Engagement Network", "One Herefordshire Partnership"],
        28: ["Worcestershire Engagement Network", "Worcestershire Executive Committee"],
        29: ["Now We're Talking Communications Group", "Mental Health Collaborative"],
        30: ["One Herefordshire Communications Group", "Worcestershire Place Communications Cell"],
        31: ["Herefordshire and Worcestershire Integrated Care Partnership Assembly"],
        32: [
            "Community Engagement Panel",
            "Mental Health Advisory Group",
            "Youth Board",
            "Equality Advisory Group",
            "Patient Panels",
            "Virtual patient volunteer networks",
        ],
        33: ["Mental Health Collaborative patient forum", "Experts by Experience"],
        34: ["Herefordshire Community Partnership"],
        35: ["VCS Reference Engagement Group"],
        36: ["Herefordshire VCSE alliance", "Worcestershire VCSE alliance"],
        37: ["Service Delivery Programme Boards"],
    },
    LLR: {
        38: ["Communications and Engagement Cell"],
        39: ["System engagement partners", "Meeting of both Healthwatch and the chief executive", ICB_BOARD],
        40: ["Citizens' Panel"],
        41: ["Public and Patient Involvement Assurance Group"],
        42: ["Network of Patient Participation Groups"],
        43: [
            "Public members of Leicester's Hospitals",
            "Patient and community reference groups",
            "Patient Partners",
            "Equality Advisory Group",
            "Renal services patient group",
            "Cancer services patient groups",
            "Children's hospital youth forum",
        ],
        44: [
            "People's Council",
            "Leicestershire Partnership NHS Trust Board",
            "Involvement network of patients and carers",
            "Public members of Leicestershire Partnership NHS Trust",
            "Youth Advisory Board",
            "Volunteers of Leicestershire Partnership NHS Trust",
            "Community groups and corporate partners of Raising Health",
        ],
        45: ["Leicester, Leicestershire and Rutland Voluntary, Community and Social Enterprise Alliance"],
        46: ["Maternity Voices Partnership"],
        47: ["Quality, Safety and Performance Committee"],
        48: ["Expert patient panels"],
        49: ["Place and neighbourhood-led plan groups", "Design cells", "Delivery Groups", "Provider collaboratives"],
    },
    HV: {
        50: ["PPI Committee", "Herts Valleys CCG Board", "Audit Committee"],
        51: ["Patient engagement and development network"],
        52: ["Community health ambassadors"],
        53: ["Reader panel"],
        54: ["Locality networks of patient groups"],
    },
}
# There for another reason: the annual report names the first, the framework says that the second meets in public.
BESIDES = {
    HWE: {"PPG buddy scheme", "Hertfordshire and West Essex Integrated Care Partnership"},
    HW: set(),
    LLR: set(),
    HV: set(),
}
NO_FORUM = {17: "patient groups of practices: no practice is named; their two kinds wait for the body's own list"}
# Named in a row beside forums, and kept elsewhere: a role, a programme or a way of working is no forum.
ELSEWHERE = {
    14: "the champions themselves are people on the register",
    21: "research champions are people on the register",
    22: "Cancel out Cancer is a programme of sessions: an activity of the demo's year",
    24: "the Essex Local Offer is a service that was made together, not a group",
    32: "patient groups of practices, as in row 17",
    35: "the VCSE strategic lead is a seat of the Worcestershire network",
    45: "social seeding is how the alliance is supported",
}


def load(body: str) -> None:
    profiles.load(FOLDER / f"{body}-forums.toml")


def everything() -> dict[str, list[dict]]:
    """Every row of every table, the histories included."""
    return {model._meta.label: list(model.objects.order_by("pk").values()) for model in apps.get_models()}


@pytest.mark.parametrize("body", COUNTS)
def test_a_body_has_the_forums_boards_seats_and_ties_of_its_sources(body):
    load(body)

    assert COUNTS[body] == {
        "forums": Forum.objects.forums().count(),
        "committees": Forum.objects.committees().count(),
        "proposed": Forum.objects.filter(status="proposed").count(),
        "roles": SeatRole.objects.count(),
        "seat rules": SeatRule.objects.count(),
        "ties": ForumLink.objects.count(),
        "other names": ForumAlias.objects.count(),
    }
    assert EqualityQuestion.objects.count() == 8
    assert Organisation.objects.body() is not None


@pytest.mark.parametrize("body", COUNTS)
def test_every_forum_of_a_body_stands_for_a_row_of_the_requirements(body):
    load(body)

    asked_for = {name for names in FNM[body].values() for name in names}
    assert asked_for | BESIDES[body] == set(Forum.objects.values_list("name", flat=True))


def test_no_row_of_the_requirements_is_forgotten():
    numbers = [number for rows in FNM.values() for number in rows] + list(NO_FORUM)

    assert sorted(numbers) == list(range(1, 55))
    assert set(ELSEWHERE) <= set(numbers)


@pytest.mark.parametrize("body", COUNTS)
def test_loading_a_body_twice_changes_not_one_row(body):
    load(body)
    before = everything()
    load(body)

    assert everything() == before


def test_a_second_body_is_refused_and_leaves_nothing_behind():
    load(HWE)
    before = everything()

    with pytest.raises(ProfileError, match=r"^\[body\]: Herts Valleys CCG: This system already serves another body$"):
        load(HV)
    assert everything() == before


# What the sources say of single forums -----------------------------------------------------------


def test_the_patient_engagement_forum_is_composed_as_its_framework_and_its_report_say():
    load(HWE)
    forum = Forum.objects.get(name=PEF)
    rules = {
        (rule.role.code, str(rule.nominated_by or rule.from_forum or "")): (rule.minimum, rule.is_required)
        for rule in forum.seat_rules.select_related("role", "nominated_by", "from_forum")
    }

    assert (forum.meets_before.name, forum.questions_per_meeting, forum.no_links_from) == (
        ICB_BOARD,
        4,
        "neighbourhood",
    )
    assert forum.working_groups.count() == 3
    assert forum.seat_rules.get(role__code="icb_chair").attends_every == 3
    assert rules == {
        ("chair", ""): (1, True),
        ("icb_executive_member", ""): (1, True),
        ("icb_non_executive_member", ""): (1, True),
        ("icb_chair", ""): (1, True),
        ("citizen_representative", ""): (3, True),
        ("healthwatch_representative", "Healthwatch Hertfordshire"): (1, True),
        ("healthwatch_representative", "Healthwatch Essex"): (1, True),
        ("subgroup_representative", "Primary Care public participation sub-group"): (1, True),
        ("subgroup_representative", "Nursing and Quality public participation sub-group"): (1, True),
        ("patient_voice_partner", "East and North Hertfordshire Community Assembly"): (1, True),
        ("patient_voice_partner", "West Essex Citizens' Panel"): (1, True),
        ("patient_voice_partner", COPRODUCTION): (2, True),
        (
            "patient_voice_partner",
            "Mental Health, Learning Disability and Autism Health and Care Partnership",
        ): (1, True),
        ("carer_representative", ""): (1, True),
        ("equalities_lead", ""): (1, True),
        ("patient_safety_partner", "Quality Patient Group"): (1, False),
        ("expert_by_experience", ""): (0, False),
    }
    seats = Forum.objects.get(name=COMMITTEE).seat_rules.get()
    assert (seats.role.code, seats.minimum, seats.maximum) == ("citizen_representative", 3, 3)


def test_what_the_sources_contradict_is_kept_with_its_dates_names_and_doubts():
    load(HWE)
    assembly = Forum.objects.get(name="East and North Hertfordshire Community Assembly")
    voices = Forum.objects.get(name="West Essex Community Voices Group")

    assert [str(rule) for rule in assembly.cadences.all()] == ["4 times a year", "every 2 months"]  # CON-03
    assert Forum.objects.by_name()["south west hertfordshire co-production board"].name == COPRODUCTION  # CON-04
    assert (voices.successor.name, voices.status) == ("West Essex Citizens' Panel", "proposed")  # CON-05


def test_the_names_and_cadences_of_the_other_bodies_follow_their_sources():
    load(LLR)
    partners = Forum.objects.get(name="System engagement partners")
    names = Forum.objects.by_name()

    assert str(partners.cadences.get()) == "every 2 weeks"  # CON-38
    assert names["quality and performance improvement assurance committee"].kind.is_committee  # CON-09
    assert names["citizens' panel"].size.text == "over 1,100"


def test_a_network_with_several_names_is_one_forum():
    load(HW)
    names = Forum.objects.by_name()

    assert names["wen"] == names["operational engagement group"] == names["worcestershire engagement network"]
    assert names["health inequalities, engagement and participation advisory panel"].status == "proposed"  # CON-30


# The demo ----------------------------------------------------------------------------------------


def take_in(sheet: str) -> dict:
    path = YEAR / f"{sheet}.csv"
    return imports.take_in(tables.kinds()[sheet], path.read_bytes(), path.name, by=None, dry_run=False)


def printed(report: Report) -> dict:
    """What the report prints of each forum, its other names apart."""
    facts = gather(report)
    rows = [*facts.other_forums, *(forum for section in facts.sections for forum in section.forums)]
    assert len(rows) == facts.forums
    return {row.name: {name: getattr(row, name) for name in row.__slots__ if name != "former_names"} for row in rows}


def test_after_the_demo_the_forums_are_added_and_its_report_stays_as_it_was():
    profiles.load(FOLDER / f"{HWE}.toml")
    found = [take_in(sheet)["created"] for sheet in SHEETS]
    report = Report.objects.create(kind=Report.Kind.ANNUAL, period=Period.objects.get(code=PERIOD))
    before = printed(report)
    load(HWE)
    after = everything()

    assert found == [18, 28, 12]
    assert len(before) == 18
    assert printed(report) == before
    assert (Forum.objects.forums().count(), Forum.objects.committees().count()) == (27, 7)
    assert Forum.objects.get(name=PEF).links.get().to_forum.name == ICB_BOARD  # was a tie in words
    assert ForumLink.objects.count() == COUNTS[HWE]["ties"]
    again = take_in("forums")
    assert (again["created"], again["changed"], again["errors"]) == (0, 0, [])
    load(HWE)
    changed = {label for label, rows in everything().items() if rows != after[label]}
    assert changed <= {"core.ImportRun", "core.AuditEvent"}


# No branch on a name -----------------------------------------------------------------------------


def names_of_forums() -> set[str]:
    rows = [
        row for path in FOLDER.glob("*-forums.toml") for row in tomllib.loads(path.read_text(encoding="utf-8"))["forum"]
    ]
    return {name for row in rows for name in [row["name"], *row.get("aliases", [])] if len(name) > 8}


def test_no_code_knows_a_forum_by_its_name():
    names, found = names_of_forums(), []
    folded = {name.casefold() for name in names}
    folders = [Path(config.path) for config in apps.get_app_configs() if Path(config.path).parent == FOLDER.parent]
    for path in sorted(path for folder in [*folders, FOLDER.parent / "config"] for path in folder.rglob("*.py")):
        if {"tests", "migrations"} & set(path.relative_to(FOLDER.parent).parts):
            continue
        text = path.read_text(encoding="utf-8")
        found += [(path.name, name) for name in names if name in text]
        words = (node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant))
        found += [(path.name, word) for word in words if isinstance(word, str) and word.casefold() in folded]

    assert len(names) > 100
    assert found == []
