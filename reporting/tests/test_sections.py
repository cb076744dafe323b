"""What people write into a report: beside what is computed, every version kept, never into a version that is made."""

import datetime
import json

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import AuditEvent
from core.tests.racing import race
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.documents import builder
from reporting.documents.computed import computed_text, newest
from reporting.documents.sections import texts_of
from reporting.documents.shapes import shape_of
from reporting.models import Build, Report, SectionText, Statement
from reporting.services import approvals
from reporting.services import sections as services
from reporting.services.marks import mark_of
from reporting.tests import factories
from reporting.tests.workers import after_each_step

pytestmark = pytest.mark.django_db
SECTION = "activities"
DAY = datetime.date(2023, 7, 10)


@pytest.fixture
def officer():
    return people.user("officer")


def quarterly() -> Report:
    day = datetime.date
    engagement.principle_set(principles=1)
    quarter = engagement.period("2023-24-q1", kind="quarter", starts_on=day(2023, 4, 1), ends_on=day(2023, 6, 30))
    return factories.report(quarter, kind="quarterly")


@pytest.fixture
def report() -> Report:
    return quarterly()


def written(report, by, text: str = "We listened.", **words) -> SectionText:
    return services.write_section(report, SECTION, by=by, text=text, **words)


# Writing -----------------------------------------------------------------------------------------


def test_a_text_is_kept_with_who_wrote_it_and_what_was_computed_then(report, officer):
    row = written(report, officer, " We listened.\r\n\r\nTwice. ", computed="Two activities.")

    assert (row.text, row.computed, row.by) == ("We listened.\n\nTwice.", "Two activities.", officer)
    assert texts_of(report) == {SECTION: "We listened.\n\nTwice."}
    event = AuditEvent.objects.get()
    assert (event.verb, event.detail) == ("wrote a section of", {"section": SECTION})


def test_every_version_of_a_text_is_kept_also_when_it_is_taken_away(report, officer):
    lead = people.user("lead")
    written(report, officer)
    written(report, officer)
    written(report, lead, "We listened twice.")
    services.clear_section(report, SECTION, by=lead)
    services.clear_section(report, SECTION, by=lead)

    kept = SectionText.history.order_by("history_id").values_list("history_type", "text", "history_user")
    assert list(kept) == [
        ("+", "We listened.", officer.pk),
        ("~", "We listened twice.", lead.pk),
        ("-", "We listened twice.", lead.pk),
    ]
    assert texts_of(report) == {}
    assert AuditEvent.objects.count() == 3


def test_a_section_that_the_report_does_not_have_is_refused(report, officer):
    with pytest.raises(ValidationError, match="This report has no such section") as error:
        services.write_section(report, "weather", by=officer, text="Rain")
    assert error.value.code == "section"


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_is_refused_at_its_field_and_by_the_database(report, officer, text):
    with pytest.raises(ValidationError) as error:
        written(report, officer, text)
    assert error.value.message_dict == {"text": ["Enter the text, or take the text away"]}
    with pytest.raises(IntegrityError), transaction.atomic():
        SectionText.objects.create(report=report, section=SECTION, text="")


def test_a_section_has_one_text(report, officer):
    written(report, officer)

    with pytest.raises(IntegrityError), transaction.atomic():
        SectionText.objects.create(report=report, section=SECTION, text="Another")


# Two at the same time ----------------------------------------------------------------------------


def test_a_form_that_was_opened_before_somebody_else_wrote_is_refused(report, officer):
    before = mark_of(written(report, officer))
    written(report, people.user("lead"), "We listened twice.", seen=before)

    for late in (lambda: written(report, officer, "We heard.", seen=before), lambda: cleared(report, officer, before)):
        with pytest.raises(ValidationError, match="Somebody else changed this text") as error:
            late()
        assert error.value.code == "stale"
    assert texts_of(report) == {SECTION: "We listened twice."}


def cleared(report, by, seen):
    return services.clear_section(report, SECTION, by=by, seen=seen)


def test_the_second_of_two_first_texts_is_refused(report, officer):
    written(report, people.user("lead"), seen="")

    with pytest.raises(ValidationError, match="Somebody else changed this text"):
        written(report, officer, "We heard.", seen="")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_write_at_once_one_text_is_kept_and_the_other_is_told(tmp_path):
    report, first, second = quarterly(), people.user("lead"), people.user("officer")
    calls = [
        lambda: written(report, first, "First", seen="").text,
        lambda: written(report, second, "Second", seen="").text,
    ]
    outcome = race(tmp_path, *calls)
    assert outcome.count("stale") == 1
    assert len(outcome) == 2


# Versions that are made already ------------------------------------------------------------------


def made(report: Report, **fields) -> Build:
    build = Build.objects.claim(factories.build(report, **fields).pk)
    builder.build_files(build)
    return Build.objects.get(pk=build.pk)


def test_a_section_written_while_a_build_runs_does_not_change_that_build(report, officer):
    written(report, officer, "Before the build.")
    build = Build.objects.claim(factories.build(report).pk)

    def write(now):
        if now.step == 2:  # the snapshot is held
            written(report, officer, "While it ran.")

    with after_each_step(write):
        builder.build_files(build)
    build = Build.objects.select_related("snapshot").get(pk=build.pk)

    assert json.loads(build.snapshot.data)["edited"] == {SECTION: "Before the build."}
    page = factories.read(build.html).decode()
    assert ("Before the build." in page, "While it ran." in page) == (True, False)
    assert json.loads(made(report).snapshot.data)["edited"] == {SECTION: "While it ran."}


def test_a_final_version_says_what_its_draft_said(report, officer):
    draft = made(report)
    written(report, officer, "Written too late.")
    final = made(report, becomes_final=True, snapshot=draft.snapshot)

    assert final.status == "final"
    assert "Written too late." not in factories.read(final.html).decode()


# What is computed --------------------------------------------------------------------------------


def test_every_section_of_the_quarterly_report_has_a_text_of_its_own(report, officer):
    for key, _name in shape_of(report).sections:
        services.write_section(report, key, by=officer, text=f"Canary of {key}.")
    build = made(report)
    page = factories.read(build.html).decode()

    for key, _name in shape_of(report).sections:
        assert page.count(f"Canary of {key}.") == 1
        computed = computed_text(build, key)
        assert computed
        assert "Canary" not in computed


def test_what_is_computed_is_read_from_the_page_without_tables_pictures_and_what_people_wrote():
    page = (
        '<h2>Before</h2><section id="section-first"><h2>What  we<br>did</h2>'
        '<div class="edited"><p>By hand</p><p>again</p></div><p>Two &amp; three</p><svg><title>Bars</title></svg>'
        "<table><caption>Visits</caption><thead><tr><th>Day</th></tr></thead><tbody><tr><td>1</td></tr></tbody>"
        "</table><ul><li>One</li><li>Two</li></ul></section><p>After</p>"
    )
    build = factories.finished_build(html=page.encode())

    assert computed_text(build, "first") == "What we\ndid\nTwo & three\nVisits\nOne\nTwo"
    assert computed_text(build, "second") == computed_text(None, "first") == ""


def test_the_newest_version_that_is_ready_says_what_is_computed(report):
    assert newest(report) is None
    ready = factories.finished_build(report)
    factories.failed_build(report)
    assert newest(report) == ready


# What independent groups say ---------------------------------------------------------------------


def test_a_group_that_assures_says_its_word_and_may_say_another(report, officer):
    group = forums.forum("Assurance Group", role="assures")
    said = {"by": officer, "said_on": DAY}
    first = approvals.say_statement(report, group, result="partly", text=" Not yet. ", **said)
    approvals.say_statement(report, group, result="partly", text="Not yet.", **said)
    second = approvals.say_statement(report, group, result="assured", text="Yes.", **said)

    assert (first, second.result, str(second)) == (second, "assured", "Assurance Group: assured")
    assert list(second.versions.order_by("history_id").values_list("text", flat=True)) == ["Not yet.", "Yes."]
    assert AuditEvent.objects.filter(verb="noted a group's statement on").count() == 2


def test_a_group_with_another_role_and_a_day_to_come_are_refused(report, officer):
    said = {"by": officer, "result": "assured", "text": "Yes."}

    with pytest.raises(ValidationError) as error:
        approvals.say_statement(report, forums.forum(role="advises"), said_on=DAY, **said)
    assert error.value.message_dict == {"forum": ["Select a group whose role is to assure"]}
    with pytest.raises(ValidationError) as error:
        approvals.say_statement(report, forums.forum(role="assures"), said_on=datetime.date(2099, 1, 1), **said)
    assert error.value.message_dict == {"said_on": ["The day must not be in the future"]}
    assert not Statement.objects.exists()


def test_a_stale_form_does_not_overwrite_a_statement(report, officer):
    group = forums.forum(role="assures")
    approvals.say_statement(report, group, by=officer, result="assured", text="Yes.", said_on=DAY)

    with pytest.raises(ValidationError, match="Somebody else changed this text"):
        approvals.say_statement(report, group, by=officer, result="not", text="No.", said_on=DAY, seen="")
    with pytest.raises(IntegrityError), transaction.atomic():
        Statement.objects.create(report=report, forum=group, result="not", text="No.", said_on=DAY)
