"""What readers say of a draft, section by section, and what was done with it."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.models import AuditEvent
from people.tests import factories as people
from reporting.documents.life import said_of
from reporting.models import SectionComment
from reporting.services import sections as services
from reporting.tests import factories
from reporting.tests.test_sections import SECTION, quarterly

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return people.user("officer")


@pytest.fixture
def draft():
    return factories.finished_build(quarterly())


def test_a_comment_is_kept_once_with_who_and_where(draft, officer):
    comment = services.add_comment(draft, by=officer, text=" Too long. ", section=SECTION)
    again = services.add_comment(draft, by=officer, text="Too long.", section=SECTION)

    assert (again, comment.text, comment.section, comment.by, comment.settled_at) == (
        comment,
        "Too long.",
        SECTION,
        officer,
        None,
    )
    assert [event.verb for event in AuditEvent.objects.all()] == ["commented on"]
    assert str(comment) == "Too long."


def test_comments_stand_by_section_in_the_order_of_the_report_the_whole_first(draft, officer):
    services.add_comment(draft, by=officer, text="Third", section="answers")
    services.add_comment(draft, by=officer, text="Second", section=SECTION)
    services.add_comment(draft, by=officer, text="First")
    SectionComment.objects.create(build=draft, section="weather", text="Once a section")

    found = [(part.key, [row.text for row in part.comments]) for part in said_of(draft.report, draft)]
    assert found == [
        ("", ["First"]),
        (SECTION, ["Second"]),
        ("answers", ["Third"]),
        ("weather", ["Once a section"]),
    ]


def test_what_was_said_of_an_earlier_version_is_shown_with_the_report_alone(draft, officer):
    services.add_comment(draft, by=officer, text="Too long.", section=SECTION)
    later = factories.finished_build(draft.report)

    assert said_of(draft.report, later) == []
    assert [part.open for part in said_of(draft.report)] == [1]


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (factories.running_build, "Wait until the draft is ready."),
        (factories.failed_build, "Wait until the draft is ready."),
        (factories.final_build, "This version is final. Comment on the next draft."),
    ],
)
def test_only_a_finished_draft_is_commented_on(officer, make, words):
    with pytest.raises(ValidationError) as error:
        services.add_comment(make(quarterly()), by=officer, text="Too long.")
    assert error.value.messages == [words]


def test_a_comment_says_something_of_a_section_that_there_is(draft, officer):
    with pytest.raises(ValidationError, match="This field cannot be blank"):
        services.add_comment(draft, by=officer, text=" ")
    with pytest.raises(ValidationError, match="This report has no such section"):
        services.add_comment(draft, by=officer, text="Rain", section="weather")
    assert not SectionComment.objects.exists()


def test_a_comment_is_settled_once_with_what_was_done(draft, officer):
    comment, lead = services.add_comment(draft, by=officer, text="Too long."), people.user("lead")
    settled = services.settle_comment(comment, by=lead, answer=" Cut by half. ")
    services.settle_comment(comment, by=officer, answer="Cut by half.")

    assert (settled.answer, settled.settled_by, settled.settled_at is not None) == ("Cut by half.", lead, True)
    with pytest.raises(ValidationError, match="settled already: “Cut by half") as error:
        services.settle_comment(comment, by=officer, answer="Left as it is.")
    assert error.value.code == "settled"
    assert AuditEvent.objects.filter(verb="settled a comment on").count() == 1
    assert [part.open for part in said_of(draft.report)] == [0]


def test_a_comment_is_not_settled_without_an_answer_nor_by_the_database(draft, officer):
    comment = services.add_comment(draft, by=officer, text="Too long.")

    with pytest.raises(ValidationError) as error:
        services.settle_comment(comment, by=officer, answer="  ")
    assert error.value.message_dict == {"answer": ["Say what was done with the comment"]}
    with pytest.raises(IntegrityError, match="settled_has_an_answer"), transaction.atomic():
        SectionComment.objects.update(settled_at=comment.at)
