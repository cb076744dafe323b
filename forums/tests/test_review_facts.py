"""The figures of reviews: days, readers, comments by what became of them, readability before and after (REV-005)."""

import csv
import datetime
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from forums.documents import reviews as facts
from forums.models import Criterion, PageComment, Rating, Review, ReviewAnswer, ReviewVersion
from forums.tests import factories
from people.tests import factories as people

pytestmark = pytest.mark.django_db
HARD = "Considerable organisational difficulties necessitate individual consideration. " * 20
EASY = "We read the note. " * 40
OPENED = datetime.datetime(2026, 5, 4, 10, tzinfo=datetime.UTC)


@pytest.fixture
def panel():
    return factories.forum("Reader Panel")


@pytest.fixture
def clear():
    return Criterion.objects.create(code="clear", name="Clear", question="Is it clear?", order=1)


def days_after(days: int) -> datetime.datetime:
    return OPENED + datetime.timedelta(days=days)


def review(panel, title="Leaflet", before=HARD, after=None, **fields) -> Review:
    defaults = {"kind": "leaflet", "audience": "patients", "deadline": datetime.date(2026, 5, 18)}
    defaults |= {"status": "with_panel", "opened_at": OPENED}
    made = Review.objects.create(panel=panel, title=title, **defaults | fields)
    ReviewVersion.objects.create(review=made, number=1, text=before)
    if after is not None:
        ReviewVersion.objects.create(review=made, number=2, text=after, is_final=True)
    return made


def answer(review, person, *outcomes: str, scores=(), is_sent=True) -> ReviewAnswer:
    sent_at = days_after(1) if is_sent else None
    made = ReviewAnswer.objects.create(review=review, version=review.versions.first(), person=person, sent_at=sent_at)
    for outcome in outcomes:
        reason = "" if outcome in {"", "taken_up"} else "No room"
        PageComment.objects.create(answer=made, text="x", outcome=outcome, reason=reason)
    for criterion, score in scores:
        Rating.objects.create(answer=made, criterion=criterion, score=score)
    return made


def only(review) -> facts.ReviewFacts:
    [found] = facts.review_facts([review])
    return found


def test_a_review_that_was_returned_has_all_its_figures(panel, clear):
    mary, ali = factories.membership(panel).person, factories.membership(panel).person
    made = review(
        panel, after=EASY, status="returned", closed_at=days_after(14), returned_at=days_after(30), result="Shorter."
    )
    answer(made, mary, "taken_up", "taken_up", "partly", scores=[(clear, 4)])
    answer(made, ali, "not", scores=[(clear, 1)])

    found = only(made)

    assert (found.days_to_close, found.days_to_return) == (14, 30)
    assert found.readers == facts.Readers(asked=2, answered=2)
    assert found.outcomes == facts.Outcomes(taken_up=2, partly=1, not_taken_up=1, undecided=0)
    [spread] = found.spreads
    assert (spread.counts, spread.base, spread.mean) == ((1, 0, 0, 1), 2, 2.5)
    ages = found.readability.before.reading_age, found.readability.after.reading_age
    assert found.readability.years_saved == ages[0] - ages[1] > 0
    assert found.readability.ease_gained > 0


def test_what_has_not_happened_is_none_and_never_nought(panel, clear):
    asked = only(review(panel, status="requested", opened_at=None, before="Too short."))
    assert (asked.days_to_close, asked.days_to_return, asked.readers.asked) == (None, None, None)
    assert (asked.readability.before.reading_age, asked.readability.after) == (None, None)
    assert (asked.readability.years_saved, asked.readability.ease_gained) == (None, None)
    assert [(spread.base, spread.mean) for spread in asked.spreads] == [(0, None)]
    assert asked.outcomes.comments == 0


def test_a_short_final_version_leaves_the_difference_unknown(panel):
    assert only(review(panel, after="Too short.")).readability.years_saved is None


def test_drafts_count_for_nothing(panel, clear):
    made = review(panel)
    answer(made, factories.membership(panel).person, "", scores=[(clear, 1)], is_sent=False)
    found = only(made)
    assert (found.readers, found.outcomes.comments, found.spreads[0].base) == (facts.Readers(1, 0), 0, 0)


def test_asked_are_those_of_the_day_and_whoever_answered(panel):
    factories.membership(panel, role="citizen")
    left = OPENED.date() - datetime.timedelta(days=1)
    factories.membership(panel, ended_on=left, left_because="time")
    later = factories.membership(panel, started_on=OPENED.date() + datetime.timedelta(days=2)).person
    both = factories.membership(panel).person
    factories.membership(panel, both, role="chair")
    made = review(panel)
    assert facts.readers_of([made])[made.pk] == facts.Readers(asked=2, answered=0)
    answer(made, later)
    assert facts.readers_of([made])[made.pk] == facts.Readers(asked=3, answered=1)


def test_a_criterion_no_longer_asked_stays_where_it_was_rated(panel, clear):
    made, other = review(panel), review(panel)
    answer(made, people.member(), scores=[(clear, 3)])
    Criterion.objects.update(is_asked=False)
    found = facts.spreads_of([made, other])
    assert ([spread.base for spread in found[made.pk]], found[other.pk]) == ([1], [])


def test_a_period_holds_what_went_to_readers_in_it_on_its_first_and_last_day_too(panel):
    first = review(panel, "First")
    last = review(panel, "Last", opened_at=days_after(30))
    review(panel, "Before", opened_at=days_after(-1))
    review(panel, "After", opened_at=days_after(31))
    review(panel, "Never", status="requested", opened_at=None)
    answer(first, people.member(), "taken_up")
    answer(last, people.member(), "")

    found = facts.facts_between(Review.objects.all(), OPENED.date(), days_after(30).date())
    totals = facts.totals_of(found)

    assert [each.review.title for each in found] == ["First", "Last"]
    assert (totals.documents, totals.returned, totals.answers) == (2, 0, 2)
    assert totals.outcomes == facts.Outcomes(taken_up=1, undecided=1)
    assert (totals.easier, totals.measured_twice) == (0, 0)


def test_many_reviews_ask_the_database_as_often_as_one(panel, clear, django_assert_num_queries):
    made = [review(panel) for _each in range(30)]
    with django_assert_num_queries(6):
        facts.review_facts(made[:1])
    with django_assert_num_queries(6):
        facts.review_facts(made)


# Pages -------------------------------------------------------------------------------------------

SPAN = {"start_0": 1, "start_1": 4, "start_2": 2026, "end_0": 31, "end_1": 3, "end_2": 2027}


@pytest.fixture
def staff(client):
    client.force_login(people.user("officer"))
    return client


def test_the_page_shows_the_figures_and_says_what_is_not_recorded(staff, panel, clear):
    made = review(panel)
    answer(made, factories.membership(panel).person, "taken_up", scores=[(clear, 3)])
    page = staff.get(reverse("work:review_figures"), SPAN)
    text = " ".join(page.content.decode().split())
    assert page.context["rows"][0][:7] == ["Leaflet", None, OPENED.date(), None, None, 1, 1]
    assert "not recorded" in text
    assert "3.0 of 4, from 1 reader" in text
    assert "1: taken up 1, partly 0, not taken up 0, undecided 0" in text


def test_without_days_it_is_this_financial_year_and_an_empty_one_says_so(staff):
    page = staff.get(reverse("work:review_figures"))
    today = timezone.localdate()
    assert page.context["start"] <= today <= page.context["end"]
    assert (page.context["start"].day, page.context["start"].month) == (1, 4)
    assert "No document went to readers in this time." in page.content.decode()


def test_days_in_the_wrong_order_are_refused(staff):
    page = staff.get(reverse("work:review_figures"), SPAN | {"end_2": 2025})
    assert page.status_code == 422
    assert page.context["form"].errors == {"end": ["The last day must not be before the first"]}


def test_the_file_holds_the_same_rows_with_formulae_made_harmless(staff, panel):
    review(panel, '=HYPERLINK("x")', organisation=people.organisation("Trust 🏥"))
    response = staff.get(reverse("work:review_figures_csv"), SPAN)
    assert response["Content-Disposition"] == 'attachment; filename="reviews 2026-04-01 to 2027-03-31.csv"'
    header, row = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert header[:3] == ["Document", "For", "Sent to readers"]
    assert row[:5] == ['\'=HYPERLINK("x")', "Trust 🏥", "2026-05-04", "", ""]


@pytest.mark.parametrize("name", ["review_figures", "review_figures_csv"])
def test_figures_are_for_staff_and_stay_in_their_area(client, panel, name):
    review(panel)
    client.force_login(people.member().user)
    assert client.get(reverse(f"work:{name}"), SPAN).status_code == 403
    client.force_login(people.user("officer", area=people.area("Elsewhere")))
    assert "Leaflet" not in client.get(reverse(f"work:{name}"), SPAN).content.decode()
