"""The staff pages of the library: list, item, form, steps, rating, what was sent in, remarks, figures."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from core.counts import Count
from insights.models import Source, SourceRemark, Use
from insights.tests import insight_factories as factories
from people.models import Role
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = "/insight/library/"
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)


@pytest.fixture
def officer(client):
    user = people.user("officer")
    client.force_login(user)
    return user


def text_of(page):
    assert page.status_code in {200, 422}, page.status_code
    return page.content.decode()


def titles(page):
    return [source.title for source, _quality in page.context["rows"]]


def item(kind, **fields):
    return {"title": "Waits", "summary": "Long.", "kind": kind.pk, "layer": "report", "scope": "internal"} | fields


# Who gets there ----------------------------------------------------------------------------------

PAGES = ["", "figures/", "add/", "{pk}/", "{pk}/edit/", "{pk}/rate/", "{pk}/files/add/"]
READ = {"", "figures/", "{pk}/"}


@pytest.mark.parametrize("page", PAGES)
def test_staff_read_and_engagement_staff_write(client, page):
    address = LIST + page.format(pk=factories.source().pk)
    assert client.get(address)["Location"].startswith("/accounts/login/")
    for role in ("administrator", "lead", "officer"):
        client.force_login(people.user(role))
        assert client.get(address).status_code == 200
    client.force_login(people.user("project_lead"))
    assert client.get(address).status_code == (200 if page in READ else 403)
    for outsider in (people.member().user, people.user("secretary"), people.user()):
        client.force_login(outsider)
        assert client.get(address).status_code == 403


@pytest.mark.parametrize("page", ["{pk}/", "{pk}/edit/", "{pk}/rate/", "{pk}/files/add/", "{pk}/step/retire/"])
def test_an_item_of_another_area_is_hidden(client, page):
    source = factories.source()
    source.areas.add(people.area("There"))
    client.force_login(people.user("officer", people.area("Here")))
    address = LIST + page.format(pk=source.pk)
    assert (client.post(address) if "step" in page else client.get(address)).status_code == 404
    assert source.title not in text_of(client.get(LIST))


# List --------------------------------------------------------------------------------------------


def test_the_list_shows_what_is_in_use_newest_first_with_age_and_quality(client, officer):
    old = factories.source(title="Old", collected_to=datetime.date(2019, 5, 1), review_by=datetime.date(2021, 5, 1))
    factories.source(title="New", collected_to=TODAY)
    factories.source(title="No day", collected_to=None, people=None)
    factories.source(title="Sent in", state="offered")
    factories.source(title="Gone", state="retired", state_because="Old")
    factories.rating(old, each=3)
    page = client.get(LIST)
    text = text_of(page)
    assert titles(page) == ["New", "Old", "No day"]
    assert "years ago, before the pandemic" in text
    assert "to look at again since 1 May 2021" in text
    assert "12 of 15: may be used in Board papers" in text
    assert "not recorded" in text


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("show=retired", ["Gone"]),
        ("show=review", ["Past"]),
        ("show=unused", ["Past"]),
        ("show=keep", ["Past"]),
        ("age=before", ["Past"]),
        ("age=12", ["Used"]),
        ("q=past", ["Past"]),
        ("layer=raw", ["Used"]),
        ("show=nonsense", ["Used", "Past"]),
    ],
)
def test_filters(client, officer, query, expected):
    used = factories.raw_data(title="Used", collected_to=TODAY)
    Use.objects.create(source=used, elsewhere="A plan", effect="Much", by=officer)
    past = {"collected_to": datetime.date(2019, 5, 1), "review_by": TODAY - DAY, "keep_until": TODAY - DAY}
    factories.source(title="Past", **past)
    factories.source(title="Gone", state="retired", state_because="Old")
    page = client.get(f"{LIST}?{query}")
    assert titles(page) == expected
    assert ("we left it out" in text_of(page)) == ("nonsense" in query)


def test_the_number_of_queries_does_not_grow(client, officer):
    numbers = {}
    for address in (
        LIST,
        f"{LIST}figures/",
        "/insight/contributions/",
        "/library/",
        "/partners/library/",
        "/partners/",
    ):
        numbers[address] = []
    kind, organisation = factories.source_kind(), people.organisation()
    for more in (1, 9, 90):
        for _each in range(more):
            shared = {"kind": kind, "organisation": organisation, "contributed_by": officer}
            factories.rating(factories.public_source(**shared, collected_to=TODAY))
            factories.source(state="offered", **shared)
        for address, counts in numbers.items():
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counts.append(len(queries))
    assert {address: len(set(counts[1:])) for address, counts in numbers.items()} == dict.fromkeys(numbers, 1)
    assert all(counts[1] - counts[0] <= 1 for counts in numbers.values())  # one more: the pages below the list


# An item -----------------------------------------------------------------------------------------


def test_an_item_is_added_shown_and_changed(client, officer):
    kind = factories.source_kind()
    assert client.post(f"{LIST}add/", item(kind, title="")).status_code == 422
    page = client.post(f"{LIST}add/", item(kind, people="over 700", dpia_reference="D-1"), follow=True)
    source = Source.objects.get()
    assert source.people == Count(700, "over", kind="unique")
    assert "over 700" in text_of(page)
    address = f"{LIST}{source.pk}/edit/"
    assert 'value="Waits"' in text_of(client.get(address))
    wrong = {"collected_from_0": "2", "collected_from_1": "1", "collected_from_2": "2024"}
    wrong |= {"collected_to_0": "1", "collected_to_1": "1", "collected_to_2": "2024"}
    text = text_of(client.post(address, item(kind, title="Typed", **wrong)))
    assert "The last day must not be before the first day" in text
    assert 'value="Typed"' in text
    assert client.post(address, item(kind, title="Longer")).status_code == 302
    source.refresh_from_db()
    assert source.title == "Longer"


def test_staff_of_an_area_choose_their_places_and_keep_those_that_are_there(client):
    here, there = people.area("Here"), people.area("There")
    source = factories.source()
    source.areas.set([here, there])
    client.force_login(people.user("officer", here))
    assert [area.name for area in client.get(f"{LIST}add/").context["form"].fields["areas"].queryset] == ["Here"]
    form = client.get(f"{LIST}{source.pk}/edit/").context["form"]
    assert sorted(area.name for area in form.fields["areas"].queryset) == ["Here", "There"]


def test_only_who_publishes_changes_what_everybody_reads(client, officer):
    source = factories.public_source()
    assert client.get(f"{LIST}{source.pk}/edit/").status_code == 403
    assert "Change the item" not in text_of(client.get(f"{LIST}{source.pk}/"))
    client.force_login(people.user("lead"))
    assert client.get(f"{LIST}{source.pk}/edit/").status_code == 200


def test_steps(client, officer):
    source = factories.source(scope="public")
    address = f"{LIST}{source.pk}/"
    assert "Publish" not in [label for _name, label, _form in client.get(address).context["steps"]]
    assert client.post(f"{address}step/publish/").status_code == 403
    assert client.get(f"{address}step/retire/").status_code == 405
    assert client.post(f"{address}step/nothing/").status_code == 404
    client.force_login(people.user("lead"))
    assert client.post(f"{address}step/publish/").status_code == 302
    assert client.get(f"/library/items/{source.reference}/").status_code == 200
    assert client.post(f"{address}step/retire/", {"retire-because": ""}).status_code == 422
    assert client.post(f"{address}step/retire/", {"retire-because": "Old"}).status_code == 302
    assert client.get(f"/library/items/{source.reference}/").status_code == 404


def test_why_it_cannot_be_published_stands_above_the_step_with_its_place(client):
    client.force_login(people.user("lead"))
    source = factories.source(scope="public", summary="Fine.\nAsk Dr Patel.")
    page = client.post(f"{LIST}{source.pk}/step/publish/")
    assert page.status_code == 422
    assert "Summary, line 2: name “Patel”. Take it out" in text_of(page)


def test_it_is_rated_by_sentences(client, officer):
    source = factories.source(collected_to=TODAY)
    address = f"{LIST}{source.pk}/rate/"
    assert "Somebody outside, such as Healthwatch or a university" in text_of(client.get(address))
    marks = dict.fromkeys(["sample", "method", "recency", "representativeness", "independence"], "2")
    assert client.post(address, marks).status_code == 422
    text = text_of(client.post(address, marks | {"because": "Looked at"}, follow=True))
    assert "10 of 15: may be used in Board papers" in text
    Source.objects.update(collected_to=datetime.date(2019, 1, 1))
    assert client.post(address, marks | {"because": "Looked at"}).status_code == 422
    assert "it has aged since it was rated" in text_of(client.get(f"{LIST}{source.pk}/"))


# What was sent in, remarks, figures --------------------------------------------------------------


def partner(organisation):
    user = people.user()
    Role.objects.create(user=user, name="partner", organisation=organisation)
    return user


def test_contributions_wait_and_are_taken_in_or_returned(client, officer):
    healthwatch = people.organisation("Healthwatch")
    sender = partner(healthwatch)
    fields = {"state": "offered", "contributed_by": sender, "organisation": healthwatch}
    good, poor = factories.source(title="Good", **fields), factories.source(title="Poor", **fields)
    text = text_of(client.get("/insight/contributions/"))
    assert "Good" in text
    assert "Healthwatch" in text
    assert client.post(f"{LIST}{good.pk}/step/accept/").status_code == 302
    assert client.post(f"{LIST}{poor.pk}/step/return/", {"return-because": ""}).status_code == 422
    assert client.post(f"{LIST}{poor.pk}/step/return/", {"return-because": "Ask Dr Patel"}).status_code == 422
    assert client.post(f"{LIST}{poor.pk}/step/return/", {"return-because": "We know it"}).status_code == 302
    assert sorted(Source.objects.values_list("title", "state")) == [("Good", "in_use"), ("Poor", "returned")]
    assert client.post(f"{LIST}{good.pk}/step/return/", {"return-because": "Late"}).status_code == 422
    assert "Good" in text_of(client.get("/insight/contributions/?state=in_use"))
    assert "We know it" in text_of(client.get("/insight/contributions/?state=returned"))


def test_remarks_wait_until_somebody_says_what_was_done(client, officer):
    source = factories.public_source(title="Parking")
    remark = SourceRemark.objects.create(source=source, words="<b>Wrong</b>", form_token="0" * 32)
    assert "1 remark waits" in text_of(client.get("/insight/remarks/"))
    address = f"/insight/remarks/{remark.pk}/"
    assert "&lt;b&gt;Wrong&lt;/b&gt;" in text_of(client.get(address))
    assert client.post(address, {"what_was_done": ""}).status_code == 422
    assert client.post(address, {"what_was_done": "Corrected"}).status_code == 302
    text = text_of(client.get("/insight/remarks/"))
    assert "0 remarks wait" in text
    assert "Corrected" in text


@pytest.mark.parametrize("address", ["/insight/contributions/", "/insight/remarks/"])
def test_the_queues_are_for_engagement_staff(client, address):
    client.force_login(people.user("project_lead"))
    assert client.get(address).status_code == 403


def test_a_remark_on_an_item_of_another_area_is_hidden(client):
    source = factories.public_source()
    source.areas.add(people.area("There"))
    remark = SourceRemark.objects.create(source=source, words="Canary", form_token="0" * 32)
    client.force_login(people.user("officer", people.area("Here")))
    assert "Canary" not in text_of(client.get("/insight/remarks/"))
    assert client.get(f"/insight/remarks/{remark.pk}/").status_code == 404


def test_the_figures_never_add_people(client, officer):
    healthwatch = people.organisation("Healthwatch")
    fields = {"contributed_by": partner(healthwatch), "organisation": healthwatch, "collected_to": TODAY}
    kind = factories.source_kind(name="Survey")
    factories.source(kind=kind, people=Count(100, kind="unique"), **fields)
    factories.source(kind=kind, people=Count(23, kind="unique"), people_note="Half are in the other", **fields)
    factories.source(state="returned", state_because="No", **fields)
    factories.source(organisation=healthwatch, people=None, kind=kind)  # written down by staff
    page = client.get(f"{LIST}figures/")
    figures = page.context["figures"]
    assert (figures.in_use, figures.never_used, figures.public) == (3, 3, 0)
    assert figures.by_kind == [("Survey", 3)]
    assert [(row.organisation.name, row.sent, row.taken_in, row.returned) for row in figures.sent] == [
        ("Healthwatch", 3, 2, 1)
    ]
    text = text_of(page)
    assert "these numbers are not added" in text
    assert "Half are in the other" in text
    assert "123" not in text
