"""What activities are judged by, in the admin: nothing that a report has used can be rewritten."""

import datetime

import pytest

from engagement.models import Period, PrincipleSet
from engagement.tests import factories
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
SETS = "/admin/engagement/principleset/"
PERIODS = "/admin/engagement/period/"


@pytest.fixture
def lead(client):
    user = people.user("lead")
    client.force_login(user)
    return user


def rewrite(client, principle_set, wording="Canary wording"):
    """Send the page of a set with other words for its first principle. What these words are then."""
    rewrite_page(client, principle_set, wording)
    return principle_set.principles.get(number=1).wording


def rewrite_page(client, principle_set, wording="Canary wording", **more):
    data = {"name": principle_set.name, "code": principle_set.code, "kind": "national", "principles-INITIAL_FORMS": 3}
    data["principles-TOTAL_FORMS"] = 3
    for row, principle in enumerate(principle_set.principles.all()):
        words = wording if row == 0 else principle.wording
        values = {"id": principle.pk, "principle_set": principle_set.pk, "number": principle.number}
        values |= {"wording": words, "short": principle.short}
        data |= {f"principles-{row}-{name}": value for name, value in values.items()}
    return client.post(f"{SETS}{principle_set.pk}/change/", data | more).content.decode()


def test_a_lead_rewrites_principles_that_no_period_uses(client, lead):
    assert rewrite(client, factories.principle_set()) == "Canary wording"


def test_nobody_but_a_superuser_rewrites_principles_that_a_period_uses(client, lead):
    factories.period()
    principle_set = factories.principle_set()
    assert rewrite(client, principle_set) == "Wording of principle 1."
    text = client.get(f"{SETS}{principle_set.pk}/change/").content.decode()
    assert "Wording of principle 1." in text
    assert 'name="principles-0-wording"' not in text
    client.force_login(people.superuser())
    assert rewrite(client, principle_set) == "Canary wording"


def test_a_new_set_is_added_with_its_principles(client, lead):
    data = {"name": "Ten principles", "code": "ten", "principles-TOTAL_FORMS": 1, "principles-INITIAL_FORMS": 0}
    data |= {"principles-0-number": 1, "principles-0-wording": "Listen.", "principles-0-short": "Listen"}
    client.post(f"{SETS}add/", data)
    assert PrincipleSet.objects.get().principles.get().wording == "Listen."


def test_the_list_of_sets_says_who_uses_them(client, lead):
    factories.period()
    factories.principle_set("2026")
    page = client.get(SETS)
    admin = page.context["cl"].model_admin
    assert [admin.used_by(row) for row in page.context["cl"].result_list] == ["2023–24", "–"]
    assert [admin.principles_in_it(row) for row in page.context["cl"].result_list] == [3, 3]


def period_fields(period, **fields):
    same = {"code": period.code, "kind": period.kind, "starts_on": "01/04/2023", "ends_on": "31/03/2024"}
    return same | {"principle_set": period.principle_set_id, "state": period.state} | fields


@pytest.mark.parametrize("state", ["closed", "locked"])
@pytest.mark.parametrize(
    ("name", "value"),
    [("code", "canary"), ("kind", "quarter"), ("starts_on", "02/04/2023"), ("ends_on", "30/03/2024")],
)
def test_a_period_that_is_not_open_keeps_what_a_report_was_made_by(client, lead, state, name, value):
    period = factories.period(state=state)
    before = Period.objects.values().get()
    page = client.post(f"{PERIODS}{period.pk}/change/", period_fields(period, state="open") | {name: value})

    assert page.context["adminform"].form.errors == {
        name: [f"The period is {state}. Open it again first, then change this"]
    }
    assert Period.objects.values().get() == before


def test_a_period_that_is_not_open_keeps_its_principles(client, lead):
    period = factories.locked_period()
    other = factories.principle_set("2026")
    page = client.post(f"{PERIODS}{period.pk}/change/", period_fields(period, principle_set=other.pk))

    assert list(page.context["adminform"].form.errors) == ["principle_set"]
    assert Period.objects.get().principle_set == period.principle_set


def test_a_locked_period_is_opened_again_and_then_changed(client, lead):
    period = factories.locked_period()
    client.post(f"{PERIODS}{period.pk}/change/", period_fields(period, state="open"))
    client.post(f"{PERIODS}{period.pk}/change/", period_fields(period, state="open", code="renamed"))

    period.refresh_from_db()
    assert (period.code, period.state) == ("renamed", Period.State.OPEN)


@pytest.mark.parametrize("state", ["closed", "locked"])
def test_a_period_that_is_not_open_cannot_be_deleted(client, lead, state):
    period = factories.period()
    assert client.get(f"{PERIODS}{period.pk}/delete/").status_code == 200
    Period.objects.update(state=state)
    assert client.get(f"{PERIODS}{period.pk}/delete/").status_code == 403
    assert client.post(f"{PERIODS}{period.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(PERIODS, {"action": "delete_selected", "_selected_action": [period.pk], "post": "yes"})
    assert Period.objects.filter(pk=period.pk).exists()


# Deleting principles -----------------------------------------------------------------------------


def use_by_an_activity(principle):
    factories.activity("IN-USE", title="Focus groups", principle=principle)


def use_besides(principle):
    activity = factories.activity("IN-USE", title="Focus groups", principle=factories.principle(2))
    activity.other_principle_links.create(principle=principle)


def use_as_evidence(principle):
    factories.evidence(principle, forum=forums.forum("IN-USE Assembly"))


USES = pytest.mark.parametrize("use", [use_by_an_activity, use_besides, use_as_evidence])


@USES
def test_a_principle_in_use_is_not_deleted_with_its_set_and_the_page_says_where_it_is_used(client, lead, use):
    principle = factories.principle()
    use(principle)
    address = f"{SETS}{principle.principle_set_id}/delete/"
    text = client.get(address).content.decode()
    client.post(address, {"post": "yes"})

    assert "would require deleting the following protected related objects" in text
    assert ("IN-USE" in text) or ("Principle 1" in text)
    assert PrincipleSet.objects.get().principles.count() == 3


@USES
def test_a_principle_in_use_is_not_deleted_from_its_set_and_the_form_says_where_it_is_used(client, lead, use):
    principle = factories.principle()
    use(principle)
    text = rewrite_page(client, principle.principle_set, **{"principles-0-DELETE": "on"})

    assert "would require deleting the following protected related objects" in text
    assert PrincipleSet.objects.get().principles.count() == 3


def test_a_principle_that_nobody_uses_is_deleted(client, lead):
    rewrite_page(client, factories.principle_set(), **{"principles-0-DELETE": "on"})

    assert [each.number for each in PrincipleSet.objects.get().principles.all()] == [2, 3]


def test_an_officer_reads_the_framework_and_cannot_change_it(client):
    client.force_login(people.user("officer"))
    period = factories.period()
    assert client.get(f"{PERIODS}{period.pk}/change/").status_code == 200
    assert client.post(f"{PERIODS}{period.pk}/change/", {"state": "locked"}).status_code == 403


def test_a_forum_claims_a_principle_once(client, lead):
    forum = forums.forum()
    evidence = factories.evidence(factories.principle(), forum=forum)
    data = {"name": forum.name, "kind": forum.kind_id, "level": forum.level, "status": forum.status}
    data |= {"questions_per_meeting": forum.questions_per_meeting}
    for prefix in ("aliases", "links", "cadences", "terms", "seat_rules"):
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data |= {"evidence-TOTAL_FORMS": 2, "evidence-INITIAL_FORMS": 1}
    for row, number in enumerate([evidence.pk, ""]):
        values = {"id": number, "forum": forum.pk, "principle": evidence.principle_id, "strength": "claimed"}
        data |= {f"evidence-{row}-{name}": value for name, value in values.items()}
    page = client.post(f"/admin/forums/forum/{forum.pk}/change/", data)
    assert "This forum already claims that principle" in page.content.decode()
    assert forum.evidence.count() == 1
    client.post(f"/admin/forums/forum/{forum.pk}/change/", data | {"evidence-0-DELETE": "on"})
    assert forum.evidence.get().pk != evidence.pk


def test_a_forum_without_activities_says_so(client, lead):
    text = client.get(f"/admin/forums/forum/{forums.forum().pk}/change/").content.decode()
    assert "None recorded." in text


def test_a_quarter_is_called_by_its_months():
    months = {"starts_on": datetime.date(2023, 10, 1), "ends_on": datetime.date(2023, 12, 31)}
    assert str(factories.period("2023-24-q3", kind="quarter", **months)) == "October to December 2023"
    assert str(factories.period("2023-24")) == "2023–24"
