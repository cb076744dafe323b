"""The pages of a report's life: who gets in, what each sees, what a form that is wrong or stale says."""

import datetime
import re

import pytest
from django.urls import reverse

from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people
from reporting.models import Approval, Build, RouteStep, SectionComment, SectionText, Statement
from reporting.services import approvals, sections
from reporting.tests import factories
from reporting.tests.test_sections import SECTION, quarterly

pytestmark = pytest.mark.django_db
DAY = datetime.date(2024, 5, 2)
WHEN = {"decided_on_0": "2", "decided_on_1": "5", "decided_on_2": "2024"}
WORKING = ("administrator", "lead", "officer")


def address(page: str, *args) -> str:
    return reverse(f"reporting:{page}", args=args)


def sign_in(client, role: str):
    user = people.user(role)
    client.force_login(user)
    return user


def text(answer) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.fixture
def board():
    body = forums.committee("Quality Committee")
    RouteStep.objects.create(kind="quarterly", order=1, forum=body)
    return body


@pytest.fixture
def draft(board) -> Build:
    page = b'<section id="section-activities"><p>Two activities.</p></section>'
    return factories.finished_build(quarterly(), html=page)


@pytest.fixture
def on_its_way(draft) -> Build:
    return approvals.send_for_approval(draft, by=people.user("lead"))


# Who gets in -------------------------------------------------------------------------------------

GETS = {
    "administrator": {"build_changes": 200, "build_downloads": 200} | dict.fromkeys(("work",), 200),
    "lead": {"build_changes": 200, "build_downloads": 200, "work": 200},
    "officer": {"build_changes": 200, "build_downloads": 403, "work": 200},
    "project_lead": {"build_changes": 200, "build_downloads": 403, "work": 403},
    "secretary": {"build_changes": 200, "build_downloads": 403, "work": 403},
    "member": {"build_changes": 403, "build_downloads": 403, "work": 403},
    "": {"build_changes": 403, "build_downloads": 403, "work": 403},
}


def pages(build: Build) -> dict[str, str]:
    final = factories.final_build(build.report)
    comment = SectionComment.objects.create(build=build, text="Too long")
    said = {"result": "partly", "text": "Not yet", "said_on": DAY}
    statement = Statement.objects.create(report=build.report, forum=forums.forum(role="assures"), **said)
    return {
        "build_changes": address("build_changes", final.pk),
        "build_downloads": address("build_downloads", final.pk),
        "section_list": address("section_list", build.report_id),
        "section_edit": address("section_edit", build.report_id, SECTION),
        "comment_add": address("comment_add", build.pk),
        "comment_settle": address("comment_settle", comment.pk),
        "approval_record": address("approval_record", build.approvals.get().pk),
        "statement_add": address("statement_add", build.report_id),
        "statement_edit": address("statement_edit", statement.pk),
    }


@pytest.mark.parametrize("role", GETS)
def test_each_page_is_there_for_the_right_people_alone(client, on_its_way, role):
    addresses = pages(on_its_way)
    sign_in(client, role)

    found = {name: client.get(url).status_code for name, url in addresses.items()}
    assert found == {name: GETS[role].get(name, GETS[role]["work"]) for name in addresses}


def test_a_stranger_is_sent_to_sign_in(client, on_its_way):
    for url in pages(on_its_way).values():
        assert client.get(url).url == f"/accounts/login/?next={url}"


@pytest.mark.parametrize("role", ["project_lead", "secretary", "member", ""])
def test_nobody_else_sends_withdraws_or_takes_a_text_away(client, on_its_way, role):
    sections.write_section(on_its_way.report, SECTION, by=people.user("lead"), text="Ours")
    sign_in(client, role)

    for url in (
        address("build_send", on_its_way.pk),
        address("build_recall", on_its_way.pk),
        address("section_clear", on_its_way.report_id, SECTION),
    ):
        assert client.post(url).status_code == 403
        assert client.get(url).status_code in (403, 405)
    on_its_way.refresh_from_db()
    assert (on_its_way.status, SectionText.objects.count()) == ("approval", 1)


def test_a_draft_has_no_page_of_changes(client, draft):
    sign_in(client, "lead")

    assert client.get(address("build_changes", draft.pk)).status_code == 404


# On its way --------------------------------------------------------------------------------------


def test_the_page_of_a_draft_shows_its_way_and_sends_it(client, draft):
    sign_in(client, "officer")
    page = text(client.get(draft.get_absolute_url()))
    assert "Quality Committee : agrees not sent yet" in page
    assert "Make the final version" not in page

    page = text(client.post(address("build_send", draft.pk), follow=True))
    assert "The version is on its way" in page
    assert "Quality Committee : agrees waiting It is its turn." in page
    assert "This version waits for Quality Committee." in page
    assert "Withdraw it from approval" in page


def test_what_cannot_be_sent_says_why(client, board):
    sign_in(client, "officer")
    build = factories.running_build(quarterly())

    assert "Wait until the draft is ready." in text(client.post(address("build_send", build.pk), follow=True))


def test_withdrawing_makes_it_a_draft_again(client, on_its_way):
    sign_in(client, "officer")
    page = text(client.post(address("build_recall", on_its_way.pk), follow=True))

    assert "The version is a draft again" in page
    assert "Send it for approval" in page


def test_a_result_is_recorded_and_a_lead_may_then_make_it_final(client, on_its_way):
    sign_in(client, "lead")
    approval = on_its_way.approvals.get()
    answer = client.post(address("approval_record", approval.pk), {"result": "passed", **WHEN}, follow=True)

    assert "The result is kept" in text(answer)
    assert "Quality Committee : agrees passed on 2 May 2024" in text(answer)
    final = client.post(address("build_finalise", on_its_way.pk), follow=True).context["build"]
    assert (final.becomes_final, final.snapshot_id) == (True, on_its_way.snapshot_id)
    assert "Quality Committee : agrees passed on 2 May 2024" in text(client.get(final.get_absolute_url()))


def test_sending_back_without_a_reason_is_refused_at_its_field_and_keeps_what_was_typed(client, on_its_way):
    sign_in(client, "officer")
    url = address("approval_record", on_its_way.approvals.get().pk)
    answer = client.post(url, {"result": "returned", **WHEN})

    assert answer.status_code == 422
    assert '<a href="#id_note">Say why it is sent back</a>' in answer.content.decode()
    assert 'value="2024"' in answer.content.decode()
    page = text(client.post(url, {"result": "returned", "note": "The gaps are missing", **WHEN}, follow=True))
    assert "Quality Committee sent this version back." in page
    assert "The gaps are missing" in page


def test_the_second_who_records_is_told_who_was_first(client, on_its_way):
    approval = on_its_way.approvals.get()
    first = people.user("lead", name="Leah Brand")
    approvals.record_result(approval, by=first, result="passed", decided_on=DAY)
    sign_in(client, "officer")
    answer = client.post(address("approval_record", approval.pk), {"result": "returned", "note": "No", **WHEN})

    assert answer.status_code == 422
    assert "Leah Brand has recorded this already" in text(answer)
    assert Approval.objects.get().result == "passed"


def test_a_secretary_sees_the_way_of_a_final_version_without_who_recorded_it(client, on_its_way):
    lead = people.user("lead", name="Leah Brand")
    approvals.record_result(on_its_way.approvals.get(), by=lead, result="passed", decided_on=DAY)
    final = factories.final_build(on_its_way.report, snapshot=on_its_way.snapshot)
    SectionComment.objects.create(build=on_its_way, text="Too long")
    sign_in(client, "secretary")
    page = text(client.get(final.get_absolute_url()))

    assert "Quality Committee : agrees passed on 2 May 2024" in page
    for hidden in ("Leah Brand", "Too long", "Comment on this draft", "Who took it", "Sections, their texts"):
        assert hidden not in page


# Sections ----------------------------------------------------------------------------------------


def test_the_page_of_a_section_shows_what_is_computed_beside_what_is_written(client, draft):
    sign_in(client, "officer")
    url = address("section_edit", draft.report_id, SECTION)
    assert "As version 1 prints it, tables by their titles: Two activities." in text(client.get(url))

    answer = client.post(url, {"text": "We listened.", "seen": ""}, follow=True)
    assert "The text is kept." in text(answer)
    row = SectionText.objects.get()
    assert (row.text, row.computed) == ("We listened.", "Two activities.")
    page = text(client.get(url))
    assert "We listened. </textarea>" in page or "We listened." in page
    assert "What is computed has changed" not in page
    SectionText.objects.update(computed="One activity.")
    assert "What is computed has changed since the text was written." in text(client.get(url))


def test_a_stale_form_shows_both_texts_and_may_be_sent_again_after_that(client, draft):
    sign_in(client, "officer")
    url = address("section_edit", draft.report_id, SECTION)
    sections.write_section(draft.report, SECTION, by=people.user("lead", name="Leah Brand"), text="Written by Leah.")
    answer = client.post(url, {"text": "Written by me.", "seen": ""})

    assert answer.status_code == 422
    for words in ("Somebody else changed this text", "This is what Leah Brand kept on", "Written by Leah."):
        assert words in text(answer)
    assert answer.context["form"]["text"].value() == "Written by me."
    again = {"text": "Written by both.", "seen": answer.context["form"]["seen"].value()}
    assert client.post(url, again).status_code == 302
    assert SectionText.objects.get().text == "Written by both."


def test_a_text_is_taken_away_unless_somebody_else_has_changed_it(client, draft):
    sign_in(client, "officer")
    sections.write_section(draft.report, SECTION, by=people.user("lead"), text="Ours")
    url = address("section_clear", draft.report_id, SECTION)
    assert "Somebody else changed this text" in text(client.post(url, {"seen": "old"}, follow=True))

    page = client.get(address("section_edit", draft.report_id, SECTION))
    page = text(client.post(url, {"seen": page.context["mark"]}, follow=True))
    assert "The text is taken away." in page
    assert not SectionText.objects.exists()
    assert "taken away" in text(client.get(address("section_edit", draft.report_id, SECTION)))


def test_a_section_that_is_not_there_is_not_found_and_a_report_without_sections_says_so(client, draft):
    sign_in(client, "officer")

    assert client.get(address("section_edit", draft.report_id, "weather")).status_code == 404
    annual = factories.report(engagement.period("2022-23"))
    assert "Reports of this kind have no sections" in text(client.get(address("section_list", annual.pk)))


def test_a_statement_is_added_changed_and_not_overwritten(client, draft):
    sign_in(client, "officer")
    group = forums.forum("Assurance Group", role="assures")
    other = forums.forum("Network", role="networks")
    day = {"said_on_0": "2", "said_on_1": "5", "said_on_2": "2024"}
    url = address("statement_add", draft.report_id)
    assert client.post(url, {"forum": other.pk, "result": "assured", "text": "Yes", **day}).status_code == 422
    answer = client.post(url, {"forum": group.pk, "result": "partly", "text": "Not yet", **day}, follow=True)
    assert "Assurance Group: partly assured" in text(answer)

    row = Statement.objects.get()
    edit = address("statement_edit", row.pk)
    stale = client.post(edit, {"result": "not", "text": "No", "seen": "old", **day})
    assert (stale.status_code, "What is kept now: partly assured" in text(stale)) == (422, True)
    seen = client.get(edit).context["form"]["seen"].value()
    assert client.post(edit, {"result": "assured", "text": "Yes", "seen": seen, **day}).status_code == 302
    assert Statement.objects.get().result == "assured"


# Comments ----------------------------------------------------------------------------------------


def test_a_comment_is_made_and_settled_on_the_page_of_the_version(client, draft):
    sign_in(client, "officer")
    url = address("comment_add", draft.pk)
    assert client.post(url, {"text": ""}).status_code == 422
    page = text(client.post(url, {"section": SECTION, "text": "Too long"}, follow=True))
    assert "Too long" in page
    assert "1 comment waits for an answer." in page

    comment = SectionComment.objects.get()
    settle = address("comment_settle", comment.pk)
    assert client.post(settle, {"answer": ""}).status_code == 422
    page = text(client.post(settle, {"answer": "Cut by half"}, follow=True))
    assert "What was done: Cut by half" in page
    assert "waits for an answer" not in page
    assert "Cut by half" in text(client.get(address("section_edit", draft.report_id, SECTION)))
