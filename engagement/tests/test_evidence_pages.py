"""The pages of evidence: who sees what, what a form answers, and how a proof is handed out."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.forms import inlineformset_factory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagement.admin.forum import EvidenceForm, EvidenceFormSet
from engagement.models import Evidence
from engagement.services import evidence as services
from engagement.tests import factories as engagement
from engagement.tests.test_evidence import claimed, proved, strength
from forums.models import Forum
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LIST = reverse("engagement:evidence_list")


def address(name, *args) -> str:
    return reverse(f"engagement:{name}", args=args)


def test_staff_see_what_waits_and_filter_it(client):
    waits, other = proved(), claimed()
    client.force_login(people.user("officer"))

    assert list(client.get(LIST).context["page"]) == [waits]
    assert set(client.get(LIST, {"show": "all"}).context["page"]) == {waits, other}
    assert list(client.get(LIST, {"show": "all", "strength": "claimed"}).context["page"]) == [other]
    assert list(client.get(LIST, {"show": "all", "period": "2023-24"}).context["page"]) == [waits, other]
    assert "left it out" in client.get(LIST, {"period": "1999-00"}).content.decode()


def test_the_list_asks_as_many_questions_whatever_it_shows(client):
    client.force_login(people.user("officer"))
    counted = []
    for more in (1, 9, 10):
        for _each in range(more):
            proved()
        client.get(LIST)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counted.append(len(queries))
    assert counted == [counted[0]] * 3


@pytest.mark.parametrize("name", ["evidence_detail", "evidence_change", "evidence_review", "proof_add", "proof_file"])
def test_evidence_of_another_area_is_not_there_and_others_are_refused(client, name):
    evidence = proved(engagement.activity(areas=[people.area("South")]))
    pk = evidence.pk
    if name == "proof_file":
        file = ContentFile(b"notes", name="notes.txt")
        pk = services.attach_proof(evidence, "Notes", file=file, by=people.user("officer")).pk
    client.force_login(people.user("officer", area=people.area("North")))
    assert client.get(address(name, pk)).status_code == 404
    client.force_login(people.user())
    assert client.get(address(name, pk)).status_code == 403
    client.force_login(people.user("officer"))
    response = client.get(address(name, pk))
    assert response.status_code == 200
    response.close()


def test_a_project_lead_reads_evidence_and_neither_claims_nor_reviews(client):
    evidence = proved()
    client.force_login(people.user("project_lead"))
    assert client.get(address("evidence_detail", evidence.pk)).status_code == 200
    for name, args in (
        ("evidence_review", [evidence.pk]),
        ("evidence_change", [evidence.pk]),
        ("evidence_claim", ["activity", evidence.activity_id]),
    ):
        assert client.post(address(name, *args)).status_code == 403


@pytest.mark.parametrize("kind", ["activity", "forum"])
def test_a_claim_is_made_on_its_page(client, kind):
    engagement.period()
    thing = engagement.activity() if kind == "activity" else forums.forum()
    client.force_login(people.user("officer"))
    page = address("evidence_claim", kind, thing.pk)

    empty = client.post(page, {"principle": "", "how": "Members lead."})
    assert empty.status_code == 422
    assert "Members lead." in empty.content.decode()
    sent = {"principle": engagement.principle().pk, "how": "Members lead."}
    for _time in range(2):
        assert client.post(page, sent).status_code == 302
    assert Evidence.objects.get(**{kind: thing}).how == "Members lead."
    assert client.get(address("evidence_claim", "project", thing.pk)).status_code == 404


def test_a_proof_is_taken_in_checked_and_handed_out_to_be_saved(client):
    evidence = claimed()
    client.force_login(people.user("officer"))
    page = address("proof_add", evidence.pk)

    false = SimpleUploadedFile("minutes.pdf", b"<script>alert(1)</script>")
    assert client.post(page, {"title": "Minutes", "file": false}).status_code == 422
    assert client.post(page, {"title": "Minutes", "link": "javascript:alert(1)"}).status_code == 422
    assert client.post(page, {"title": "Minutes"}).status_code == 422
    real = SimpleUploadedFile("minutes.pdf", b"%PDF-1.7\n%%EOF")
    assert client.post(page, {"title": "Minutes", "file": real}).status_code == 302

    proof = evidence.proofs.get()
    response = client.get(address("proof_file", proof.pk))
    assert response["Content-Disposition"] == 'attachment; filename="Minutes.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert b"".join(response.streaming_content).startswith(b"%PDF")
    client.post(address("proof_withdraw", proof.pk))
    assert strength(evidence) == "claimed"


def test_review_on_its_page_accepts_returns_and_names_an_outcome(client):
    activity = engagement.activity()
    impact = engagement.impact(activity, evidence="The leaflet of May.")
    evidence, own = proved(activity), proved(by=(reviewer := people.user("officer")))
    client.force_login(reviewer)
    page = address("evidence_review", evidence.pk)

    assert client.post(page, {"decision": "return", "because": ""}).status_code == 422
    assert client.post(address("evidence_review", own.pk), {"decision": "accept"}).status_code == 422
    assert client.post(page, {"decision": "accept"}).status_code == 302
    assert strength(evidence) == "verified"
    assert client.post(page, {"impact": impact.pk}).status_code == 302
    assert (strength(evidence), strength(own)) == ("outcome", "evidenced")

    client.force_login(people.user("officer"))
    late = client.post(page, {"decision": "return", "because": "Too thin"})
    assert late.status_code == 422
    assert f"{reviewer} has accepted this already" in late.content.decode()


def test_the_rows_in_the_admin_say_who_claims_and_send_what_changes_back_to_review():
    forum, lead = forums.forum(), people.superuser()
    accepted = services.accept(proved(forum), by=people.user("officer"))
    formset_class = inlineformset_factory(Forum, Evidence, form=EvidenceForm, formset=EvidenceFormSet, extra=1)
    formset_class.by = lead
    sent = {
        "evidence-TOTAL_FORMS": "2",
        "evidence-INITIAL_FORMS": "1",
        "evidence-0-id": accepted.pk,
        "evidence-0-principle": accepted.principle_id,
        "evidence-0-how": "In other words.",
        "evidence-1-principle": engagement.principle(2).pk,
        "evidence-1-how": "",
    }
    formset = formset_class(sent, instance=forum)
    assert formset.is_valid(), formset.errors
    formset.save()

    changed = Evidence.objects.get(pk=accepted.pk)
    assert (changed.strength, changed.how, changed.claimed_by) == ("evidenced", "In other words.", lead)
    new = Evidence.objects.exclude(pk=accepted.pk).get()
    assert (new.strength, new.claimed_by, new.forum) == ("claimed", lead, forum)
