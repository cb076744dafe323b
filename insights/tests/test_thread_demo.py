"""The demo's insight: everything there, one thread whole, one broken, nothing in the year of its annual report."""

import csv

import pytest
from django.core.management import call_command

from engagement.models import Activity, Period
from forums.models import Forum
from insights.documents import thread
from insights.documents.thread import Link, State
from insights.documents.thread_activity import thread_of_activity
from insights.documents.thread_comment import thread_of_comment
from insights.models import Coding, Comment, Decision, Finding, LearningRun, Receipt, Response, Source, Told, Verdict
from people.models import User
from reporting.management.commands.load_demo import YEAR

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(settings):
    settings.EMBEDDED = True
    call_command("load_demo", verbosity=0)
    return User.objects.get(email="lead@example.org")


def test_the_demo_holds_a_whole_thread_and_a_broken_one(lead):
    whole = Activity.objects.get(title="Asking people who travel by patient transport")
    broken = Activity.objects.get(title="Walking the way to outpatients with carers")

    assert thread_of_activity(whole, lead).thread.percent == 100
    steps = thread_of_activity(broken, lead).thread
    assert [step.name for step in steps.broken] == [Link.DECISION, Link.ANSWER]
    mine = thread.threads_of(Activity.objects.filter(pk__in=[whole.pk, broken.pk]))
    assert (mine.whole, mine.broken, mine.percent) == (1, 1, 50)

    # From the words of a member to her own verdict, and from a paper slip to its no.
    said = Comment.objects.get(said_by__name="Mary Ember")
    assert [step.state for step in thread_of_comment(said, lead).steps] == [State.WHOLE] * 7
    slip = Comment.objects.get(receipt__place=2)
    assert [step.state for step in thread_of_comment(slip, lead).steps] == [State.WHOLE] * 6 + [State.BROKEN]

    reports = Source.objects.public().count(), Source.objects.filter(is_pointer=True, scope="partners").count()
    assert (reports, Source.objects.filter(layer="raw").count()) == ((2, 1), 1)
    assert Source.objects.get(kind__is_story=True).story.hearings.count() == 1
    assert (Finding.objects.agreed().count(), Finding.objects.public().count()) == (3, 1)
    assert Decision.objects.get().weighed.count() == 2
    assert (Comment.objects.count(), Comment.objects.held().count(), Receipt.objects.count()) == (303, 0, 20)
    assert (LearningRun.objects.count(), Coding.objects.exclude(state="accepted").count()) == (0, 0)
    assert sorted(Verdict.objects.values_list("right", flat=True)) == ["no", "partly", "yes", "yes"]
    assert Told.objects.filter(reached_at=None, message__state="queued").count() == 2  # letters to be posted
    answers = Response.objects.filter(activity=whole)
    assert [row.is_published for row in answers] == [True, True]

    year = Period.objects.get(code="2023-24")
    assert Activity.objects.in_period(year).count() == 28
    assert Forum.objects.meeting_between(year.starts_on, year.ends_on).count() == 18
    assert not {whole, broken} & set(Activity.objects.in_period(year))


def test_the_comments_of_the_file_carry_no_place_no_day_and_no_organisation():
    with (YEAR / "comments.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert list(rows[0]) == ["comment_id", "service", "question", "score", "comment", "sentiment", "themes"]
    assert (len(rows), len({row["comment_id"] for row in rows})) == (299, 299)
    assert {row["service"] for row in rows} == {"Patient transport"}
