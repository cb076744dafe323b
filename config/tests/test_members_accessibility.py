"""axe finds nothing on the pages of the members' life, their forms with errors included, and none scrolls sideways.

Pages are found from the URL resolver and by their links, so a new one is looked over without a word here.
"""

import json

import pytest

from config.tests.addresses import without_parameters
from config.tests.browsing import COVER, FOCUS, Crawler, inspectors, sign_in, tab_to, unseen_when_enlarged

# What the demo lacks: what waits to be decided, and what somebody has begun.
MAKE_STATES = """
import datetime, json
from django.utils import timezone
from forums.models import Forum, Meeting, Opportunity, Review, SeatRole, Standard, Training
from forums.services import reviews, seats
from forums.services.support import buddies, expenses, training
from people.models import Person, User
from people.services import privacy, safeguarding
lead = User.objects.get(email="lead@example.org")
mary, ravi = Person.objects.get(name="Mary Ember"), Person.objects.get(name="Ravi Chandran")
assembly = Forum.objects.get(name="East and North Hertfordshire Community Assembly")
seat = seats.appoint(mary, assembly, SeatRole.objects.get(code="citizen_representative"), by=lead)
claim = expenses.start_claim(mary, by=mary.user, what_for="Travel to the Board")
today = timezone.localdate()
expenses.add_item(claim, by=mary.user, category=expenses.category_on("mileage", today), on=today, quantity=9, amount=4)
training.book(Training.objects.first(), mary, by=mary.user)
buddies.ask(ravi, "To speak in front of many people", by=ravi.user)
safeguarding.raise_concern("Somebody asked a member for money.", "01632 960 001")
officer = User.objects.get(email="officer@example.org")
privacy.ask_for_erasure(Person.objects.get(name="Graham Tull"), how="phone", by=officer)
standard = Standard.objects.create(name="A good patient group", version="1", starts_on=datetime.date(2024, 4, 1))
standard.criteria.create(number=1, text="The group meets four times a year")
panel = Forum.objects.get(name="Reader Panel")
asked = reviews.request_review(
    by=lead, panel=panel, title="Poster: winter vaccines", kind="leaflet", audience="Everybody", text="Come to us.",
    deadline=today + datetime.timedelta(days=9),
)
ours = Forum.objects.get(name="Patient Engagement Forum")
public = Meeting.objects.filter(is_public=True).order_by("starts_at")
meetings = Meeting.objects.filter(forum=ours).order_by("-starts_at")
review = Review.objects.get(status="with_panel").pk
opportunity = Opportunity.objects.order_by("pk")[0].pk
print(json.dumps({
    "public": [
        f"/forums/{ours.pk}/", f"/forums/{ours.pk}/questions/", f"/meetings/{public[0].pk}/",
        f"/meetings/{public.last().pk}/joined/", f"/get-involved/{opportunity}/applied/",
        f"/get-involved/{opportunity}/applied/under-18/",
    ],
    "members": [f"/members/memberships/{seat.pk}/accept/"],
    "work": [
        f"/work/expenses/new/?person={ravi.pk}",
        *(f"/work/meetings/{meeting.pk}/" for meeting in meetings),
        f"/work/reviews/{asked.pk}/", f"/work/reviews/{review}/record/",
    ],
    "zoomed": ["/members/", f"/members/meetings/{meetings[0].pk}/", f"/members/reviews/{review}/"],
}))
"""
PUBLIC_FORMS = {
    "forums:opportunity_apply": "Send my application",
    "forums:meeting_join": "Send",
    "people:concern_add": "Send",
}
MEMBERS_FORMS = {
    "members:meeting": "Send your reply",
    "members:question_add": "Propose it",
    "members:opportunity_apply": "Send my application",
    "members:expense_new": "Go on",
    "members:expense_detail": "Add it",
    "members:feedback": "Send",
    "members:details": "Save",
    "members:buddy": "Ask for a buddy",
}
STAFF_FORMS = {
    "work:review_add": "Ask readers to review a document",
    "work:meeting_sheet": "Add this person",
    "work:meeting_reply_for": "Save",
    "work:meeting_minutes": "Publish",
    "work:action_done": "Save",
    "work:question_detail": "Do not take it forward",
    "work:application_detail": "Do not appoint",
    "work:application_add": "Record the application",
    "work:expense_new": "Go on",
    "work:buddy_new": "Record the request",
    "work:buddy_detail": "Match them",
    "work:thanks_list": "Thank them",
    "work:practice_assess": "Save the self-assessment",
    "work:forum_dates": "Draft these meetings",
    "work:review_record": "Record the answer",
    "register:person_add": "Add to the register",
    "register:person_edit": "Save the details",
    "register:stakeholder_contact_add": "Record the contact",
    "register:erasure_detail": "Refuse",
}
SAFEGUARDING_FORMS = {"register:concern_detail": "Close this concern", "register:young_detail": "Save"}


@pytest.fixture
def inspect(browser, product, axe):
    yield from inspectors(browser, product, axe)


@pytest.fixture(scope="module")
def states(product) -> dict[str, list[str]]:
    """Addresses, by who opens them: the last line, after e-mail that is printed too."""
    return json.loads(product.manage("shell", "--verbosity=0", "-c", MAKE_STATES).splitlines()[-1])


def test_a_stranger_finds_accessible_pages_and_forms(inspect, states):
    crawler = Crawler(inspect(), ("forums", "people"), each=2, forms=PUBLIC_FORMS)
    crawler.follow(states["public"] + without_parameters("forums", "people"))
    assert crawler.kinds.keys() >= PUBLIC_FORMS.keys()
    assert len(crawler.visit.seen) >= 20


def test_a_member_finds_accessible_pages_and_forms(inspect, states):
    crawler = Crawler(inspect("forum member"), ("members",), each=2, forms=MEMBERS_FORMS)
    crawler.follow(states["members"] + without_parameters("members"))
    assert crawler.kinds.keys() >= MEMBERS_FORMS.keys()
    assert len(crawler.visit.seen) >= 40


def test_staff_find_accessible_pages_and_forms(inspect, states):
    crawler = Crawler(inspect("engagement lead"), ("work", "register"), each=2, forms=STAFF_FORMS)
    crawler.follow(states["work"] + without_parameters("work", "register"))
    assert crawler.kinds.keys() >= STAFF_FORMS.keys()
    assert len(crawler.visit.seen) >= 85


def test_the_pages_for_safeguarding_are_accessible(inspect, states):
    crawler = Crawler(inspect("safeguarding lead"), ("register",), forms=SAFEGUARDING_FORMS)
    crawler.follow(without_parameters("register"))
    assert crawler.kinds.keys() >= SAFEGUARDING_FORMS.keys()
    assert len(crawler.visit.seen) >= 7


def test_a_link_that_leads_nowhere_is_found(inspect):
    """The crawler is alive."""
    visit = inspect()
    body = "<!DOCTYPE html><html lang='en'><title>Forums</title><h1>Forums</h1><a href='/meetings/99999/'>Meeting</a>"
    visit.page.route("**/forums/", lambda route: route.fulfill(body=body, content_type="text/html"))
    Crawler(visit, ("forums",)).follow(["/forums/"])
    assert visit.seen == ["/forums/"]
    assert visit.found.pop() == "/forums/ leads to /meetings/99999/: 404"


# Four times larger -------------------------------------------------------------------------------


def test_the_focus_is_seen_on_a_screen_enlarged_four_times(browser, product, states):
    assert len(states["zoomed"]) == 3
    assert unseen_when_enlarged(browser, product, states["zoomed"], role="forum member", more_than=15) == []


def test_a_focus_that_lies_under_something_else_is_noticed(browser, product):
    context = browser.new_context(base_url=product.url, viewport={"width": 320, "height": 256})
    page = context.new_page()
    sign_in(page, product, "forum member")
    page.goto("/members/")
    page.evaluate(COVER)
    tab_to(page, "a")
    covered = page.evaluate(FOCUS)
    context.close()
    assert not covered["isOnTop"]
