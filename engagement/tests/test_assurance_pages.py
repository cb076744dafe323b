"""The pages of assurance: who finds them, what they show, what they keep from whom."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.models import Assurance, AssuranceAnswer, Condition
from engagement.tests import project_factories as factories
from engagement.tests.project_factories import in_days
from forums.tests import factories as forums
from people.models import Message
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return people.area("West Essex")


@pytest.fixture
def project(place):
    return factories.project(title="One clinic", areas=[place], lead=people.user("project_lead"))


@pytest.fixture
def group():
    return forums.forum("Assurance Group", role="assures")


@pytest.fixture
def member(group, place):
    person = people.member("Amira Khan", area=place)
    forums.membership(group, person)
    return person


@pytest.fixture
def asked(project, group, member):
    return factories.assurance(project, group)


def day(name, date):
    return {f"{name}_0": str(date.day), f"{name}_1": str(date.month), f"{name}_2": str(date.year)}


def url(name, row):
    return reverse(f"engagement:{name}", args=[row.pk])


def conclusion(*conditions, **changed):
    sent = {"result": "assured", "statement": "Carers were heard.", "conditions-TOTAL_FORMS": "5"}
    sent |= {"conditions-INITIAL_FORMS": "0"} | {f"conditions-{number}-before": "decision" for number in range(5)}
    for number, text in enumerate(conditions):
        sent |= {f"conditions-{number}-text": text, f"conditions-{number}-owner": "Head of care"}
        sent |= day(f"conditions-{number}-due_on", in_days(20))
    return sent | changed


# Who finds which page ----------------------------------------------------------------------------


@pytest.fixture
def rows(project, asked):
    condition = factories.condition(factories.concluded_assurance(project, forum=forums.forum()))
    named = dict.fromkeys(["assurance_detail", "assurance_answer_for", "assurance_conclude"], asked)
    return named | {"assurance_list": project, "assurance_ask": project, "condition_done": condition}


@pytest.mark.parametrize(
    ("page", "lead", "other_lead"),
    [
        ("assurance_list", 200, 200),
        ("assurance_detail", 200, 200),
        ("assurance_ask", 200, 403),
        ("condition_done", 200, 403),
        ("assurance_answer_for", 403, 403),
        ("assurance_conclude", 403, 403),
    ],
)
def test_each_page_is_for_those_it_is_for(client, rows, project, place, member, page, lead, other_lead):
    elsewhere = people.user("officer", area=people.area())
    expected = [
        (people.user("officer", area=place), 200),
        (project.lead, lead),
        (people.user("project_lead", area=place), other_lead),
        (elsewhere, 404),
        (member.user, 403),
        (people.user(), 403),
    ]
    for user, status in expected:
        client.force_login(user)
        assert (page, str(user), client.get(url(page, rows[page])).status_code) == (page, str(user), status)
    client.logout()
    assert client.get(url(page, rows[page])).status_code == 302


@pytest.mark.parametrize("page", ["assurance_ask", "condition_done", "assurance_answer_for", "assurance_conclude"])
def test_nobody_posts_where_they_may_not(client, rows, place, member, page):
    refused = [
        (people.user("project_lead", area=place), 403),
        (people.user("officer", area=people.area()), 404),
        (member.user, 403),
    ]
    for user, status in refused:
        client.force_login(user)
        assert client.post(url(page, rows[page]), conclusion()).status_code == status
    assert (Assurance.objects.count(), AssuranceAnswer.objects.count()) == (2, 0)
    assert not Condition.objects.exclude(done_on=None).exists()
    assert Assurance.objects.concluded().count() == 1


def test_an_officer_who_leads_the_project_does_not_conclude(client, asked):
    officer = people.user("officer")
    asked.project.lead = officer
    asked.project.save()
    client.force_login(officer)
    assert client.get(url("assurance_conclude", asked)).status_code == 403
    assert client.post(url("assurance_conclude", asked), conclusion()).status_code == 403
    page = client.get(url("assurance_detail", asked)).content.decode()
    assert url("assurance_conclude", asked) not in page
    assert url("assurance_answer_for", asked) not in page


# Staff -------------------------------------------------------------------------------------------


def test_the_lead_asks_a_group(client, project, group, member):
    forums.forum("Community Assembly", role="advises")
    forums.forum("Closed Group", status="closed", closed_on=in_days(-1))
    project.decision_by = forums.committee()
    project.save()
    client.force_login(project.lead)
    form = client.get(url("assurance_ask", project)).context["form"]
    assert [str(forum) for forum in form.fields["forum"].queryset] == ["Assurance Group", "Community Assembly"]
    sent = {"forum": group.pk, "briefing": "Please read the report."} | day("answers_due_on", in_days(10))
    answer = client.post(url("assurance_ask", project), sent)
    asked = Assurance.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url("assurance_detail", asked))
    assert (asked.forum, asked.answers_due_on, asked.briefing) == (group, in_days(10), "Please read the report.")
    assert Message.objects.get().person == member


def test_what_is_wrong_is_said_and_what_was_typed_stays(client, project, group, member):
    client.force_login(project.lead)
    sent = {"forum": group.pk, "briefing": "Please read the report."} | day("answers_due_on", in_days(0))
    answer = client.post(url("assurance_ask", project), sent)
    assert answer.status_code == 422
    assert "Choose a day after today" in answer.content.decode()
    assert "Please read the report." in answer.content.decode()
    empty = client.post(url("assurance_ask", project), {})
    assert empty.status_code == 422
    assert "Select group" in empty.content.decode()


def test_names_are_for_those_who_may_view_people_of_their_area(client, asked, member, project, group, place):
    stranger = people.person("Bo Lindgren", area=people.area())
    forums.membership(group, stranger)
    for person in (member, stranger):
        factories.assurance_answer(asked, person, sufficient="no", sufficient_because="Nobody asked us.")
    seen = {}
    for name, user in {"central": people.user("officer"), "local": people.user("officer", area=place)}.items():
        client.force_login(user)
        seen[name] = client.get(url("assurance_detail", asked)).content.decode()
    client.force_login(project.lead)
    seen["lead"] = client.get(url("assurance_detail", asked)).content.decode()
    assert {name: ("Amira Khan" in page, "Bo Lindgren" in page) for name, page in seen.items()} == {
        "central": (True, True),
        "local": (True, False),
        "lead": (False, False),
    }
    assert all("Nobody asked us." in page for page in seen.values())


def test_the_answers_are_shown_as_a_table_with_bars(client, asked, member):
    factories.assurance_answer(asked, member, influential="partly", influential_because="A little.")
    client.force_login(people.user("officer"))
    page = client.get(url("assurance_detail", asked)).content.decode()
    assert page.count('class="app-bar"') == 6
    assert "1 member has answered." in page
    assert "1 member can answer today." in page


def test_staff_enter_an_answer_of_a_member(client, asked, member, group):
    observer = people.member("Observer")
    forums.membership(group, observer, is_observer=True)
    officer = people.user("officer")
    client.force_login(officer)
    form = client.get(url("assurance_answer_for", asked)).context["form"]
    assert list(form.fields["person"].queryset) == [member]
    sent = {"person": member.pk, "sufficient": "yes", "influential": "no", "influential_because": "Too late."}
    assert client.post(url("assurance_answer_for", asked), sent | {"person": observer.pk}).status_code == 422
    assert client.post(url("assurance_answer_for", asked), sent).status_code == 302
    row = AssuranceAnswer.objects.get()
    assert (row.person, row.influential_because, row.entered_by) == (member, "Too late.", officer)


def test_an_officer_concludes_with_conditions(client, asked, member):
    factories.assurance_answer(asked, member, condition="Please ask carers.")
    officer = people.user("officer")
    client.force_login(officer)
    assert "Please ask carers." in client.get(url("assurance_conclude", asked)).content.decode()
    sent = conclusion("Ask carers.", "Ask night workers.", result="partly")
    answer = client.post(url("assurance_conclude", asked), sent)
    assert (answer.status_code, answer["Location"]) == (302, url("assurance_detail", asked))
    asked.refresh_from_db()
    assert (asked.result, asked.statement, asked.concluded_by) == ("partly", "Carers were heard.", officer)
    assert list(asked.conditions.values_list("text", flat=True)) == ["Ask carers.", "Ask night workers."]
    page = client.get(url("assurance_detail", asked)).content.decode()
    assert "Carers were heard." in page
    assert "Ask night workers." in page


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        (conclusion(result="partly"), "Add at least one condition"),
        (conclusion(statement=""), "Enter statement of the group"),
        (conclusion(result=""), "Select result"),
        (conclusion("Ask carers.", **{"conditions-0-owner": ""}), "Enter who sees to it"),
        (conclusion("Ask carers.", **{"conditions-0-due_on_1": "13"}), "must be a real date"),
        (conclusion("Ask carers.", **day("conditions-0-due_on", in_days(-1))), "cannot be due before today"),
        (conclusion("Ask carers.", "Ask carers."), "This condition is there already"),
    ],
)
def test_a_wrong_conclusion_says_what_to_do_and_loses_nothing(client, asked, member, sent, words):
    factories.assurance_answer(asked, member)
    client.force_login(people.user("officer"))
    answer = client.post(url("assurance_conclude", asked), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert sent["statement"] in page
    assert sent.get("conditions-0-text", "") in page
    asked.refresh_from_db()
    assert asked.result == ""
    assert not Condition.objects.exists()


def test_a_second_conclusion_is_refused_with_the_first(client, asked, member):
    factories.assurance_answer(asked, member)
    for user, status in [(people.user("officer"), 302), (people.user("officer"), 422)]:
        client.force_login(user)
        answer = client.post(url("assurance_conclude", asked), conclusion(statement=f"So says {user}."))
        assert answer.status_code == status
    assert "has concluded already: assured" in answer.content.decode()


def test_a_condition_is_met_on_its_page(client, project, asked):
    condition = factories.condition(asked)
    client.force_login(project.lead)
    wrong = client.post(url("condition_done", condition), day("done_on", in_days(1)) | {"what_was_done": "Asked 12."})
    assert wrong.status_code == 422
    assert "must not be in the future" in wrong.content.decode()
    assert "Asked 12." in wrong.content.decode()
    right = client.post(url("condition_done", condition), day("done_on", in_days(0)) | {"what_was_done": "Asked 12."})
    assert (right.status_code, right["Location"]) == (302, url("assurance_list", project))
    assert "Asked 12." in client.get(url("assurance_list", project)).content.decode()


def test_overdue_conditions_stand_first(client, project, asked):
    for text, due in [("Later.", 20), ("Overdue.", -3), ("Soon.", 2)]:
        factories.condition(asked, text, due_on=in_days(due))
    other = factories.condition(factories.assurance(factories.project(areas=[people.area()])), "Elsewhere.")
    client.force_login(people.user("officer", area=project.areas.get()))
    for address in (url("assurance_list", project), reverse("engagement:condition_list")):
        page = client.get(address).content.decode()
        places = [page.index(text) for text in ("Overdue.", "Soon.", "Later.")]
        assert places == sorted(places)
        assert page.count(">overdue<") == 1
        assert other.text not in page


def test_the_list_of_conditions_is_for_staff(client, member):
    address = reverse("engagement:condition_list")
    assert client.get(address).status_code == 302
    for user, status in [(member.user, 403), (people.user("project_lead"), 200)]:
        client.force_login(user)
        assert client.get(address).status_code == status


def test_the_lists_ask_as_many_questions_for_a_hundred_rows_as_for_one(client):
    client.force_login(people.user("officer"))
    client.get(reverse("engagement:condition_list"))
    found = []
    for number in (1, 10, 100):
        project = factories.project()
        for _each in range(number):
            factories.condition(factories.concluded_assurance(project))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("assurance_list", project)).status_code == 200
            assert client.get(reverse("engagement:condition_list")).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1] == found[2], found
