"""Evidence: claiming, proving, review by a second person, and what a change makes of it."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from core.models import AuditEvent
from core.tests.racing import race
from engagement.models import Evidence, PrincipleSet, Proof
from engagement.services import evidence as services
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from people.tests import factories as people

pytestmark = pytest.mark.django_db
LINK = "https://example.org/minutes"


def claimed(thing=None, principle=None, *, by=None, how="Members set the questions.") -> Evidence:
    engagement.period()
    return services.claim(
        thing or engagement.activity(), principle or engagement.principle(), how, by=by or people.user("officer")
    )


def proved(thing=None, *, by=None, **fields) -> Evidence:
    by = by or people.user("officer")
    evidence = claimed(thing, by=by, **fields)
    services.attach_proof(evidence, "Minutes", link=LINK, by=by)
    return Evidence.objects.get(pk=evidence.pk)


def verified(thing=None, **fields) -> Evidence:
    return services.accept(proved(thing, **fields), by=people.user("officer"))


def strength(evidence) -> str:
    return Evidence.objects.get(pk=evidence.pk).strength


# Claiming and proving ----------------------------------------------------------------------------


def test_a_claim_with_a_proof_is_evidenced_and_each_step_is_on_the_audit_trail():
    officer = people.user("officer")
    evidence = claimed(by=officer)
    assert (evidence.strength, evidence.claimed_by) == ("claimed", officer)

    services.attach_proof(evidence, "Minutes", link=LINK, by=officer)

    assert strength(evidence) == "evidenced"
    verbs = AuditEvent.objects.filter(subject_type="engagement.evidence").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["claimed", "attached proof"]


def test_the_same_claim_and_the_same_proof_sent_twice_are_one():
    officer, activity = people.user("officer"), engagement.activity()
    first = claimed(activity, by=officer)
    assert claimed(activity, by=officer) == first

    for _time in range(2):
        services.attach_proof(first, "Minutes", link=LINK, by=officer)
        services.attach_proof(first, "Notes", file=ContentFile(b"notes", name="notes.txt"), by=officer)

    assert (Evidence.objects.count(), Proof.objects.count()) == (1, 2)


def test_somebody_else_who_claims_the_same_is_told_that_it_is_claimed():
    activity = engagement.activity()
    claimed(activity)

    with pytest.raises(ValidationError) as refused:
        claimed(activity)
    assert refused.value.message_dict == {"principle": ["This principle is claimed already. Choose another"]}


def test_a_principle_of_another_wording_cannot_be_claimed_but_a_local_one_can():
    engagement.period()
    later = engagement.principle(1, of=engagement.principle_set("2030"))
    local = engagement.principle(
        1, of=engagement.principle_set("ours", kind=PrincipleSet.Kind.LOCAL, effective_from="2023-05-01")
    )
    ended = engagement.principle(
        1, of=engagement.principle_set("past", kind="local", effective_from="2020-01-01", effective_to="2023-05-31")
    )

    for principle in (later, ended):
        with pytest.raises(ValidationError, match="not in force then"):
            claimed(principle=principle)
    assert claimed(principle=local).principle == local


@pytest.mark.parametrize("given", [{}, {"link": LINK, "file": ContentFile(b"x", name="x.txt")}])
def test_a_proof_is_a_file_or_an_address_and_not_both(given):
    with pytest.raises(ValidationError, match="one of the two"):
        services.attach_proof(claimed(), "Minutes", by=people.user("officer"), **given)
    assert Proof.objects.count() == 0


# Review ------------------------------------------------------------------------------------------


def test_a_second_person_accepts_and_accepting_twice_changes_nothing():
    evidence, reviewer = proved(), people.user("officer")

    services.accept(evidence, by=reviewer)
    services.accept(evidence, by=reviewer)

    assert strength(evidence) == "verified"
    assert AuditEvent.objects.filter(verb="accepted").count() == 1


def test_the_claimer_the_prover_and_the_owner_of_the_activity_do_not_review():
    claimer, prover, owner = (people.user("officer") for _each in range(3))
    evidence = proved(engagement.activity(owner=owner), by=claimer)
    services.attach_proof(evidence, "Photograph", link="https://example.org/photo", by=prover)

    for own in (claimer, prover, owner):
        for decide in (
            lambda by: services.accept(evidence, by=by),
            lambda by: services.return_(evidence, "Too thin", by=by),
        ):
            with pytest.raises(ValidationError) as refused:
                decide(own)
            assert refused.value.code == "own"
    assert strength(evidence) == "evidenced"


def test_whoever_claimed_first_does_not_review_what_somebody_else_reworded():
    first = people.user("officer")
    evidence = proved(by=first)
    services.change(evidence, "In other words.", by=people.user("officer"))

    with pytest.raises(ValidationError) as refused:
        services.accept(evidence, by=first)
    assert refused.value.code == "own"


def test_the_database_refuses_a_review_by_the_claimer():
    evidence = proved()
    with pytest.raises(IntegrityError, match="nobody_reviews_their_own"), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(reviewed_by=evidence.claimed_by)


def test_the_database_refuses_an_outcome_without_its_impact_and_a_verified_claim_without_review():
    evidence = proved()
    with pytest.raises(IntegrityError, match="outcome_is_named"), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(strength="outcome", reviewed_at=timezone.now())
    with pytest.raises(IntegrityError, match="verified_is_reviewed"), transaction.atomic():
        Evidence.objects.filter(pk=evidence.pk).update(strength="verified")


def test_a_claim_without_proof_cannot_be_reviewed():
    with pytest.raises(ValidationError, match="no proof yet"):
        services.accept(claimed(), by=people.user("officer"))


def test_the_second_of_two_reviewers_is_told_who_decided():
    evidence, first, second = proved(), people.user("officer", name="Ann Able"), people.user("officer")
    services.accept(evidence, by=first)

    with pytest.raises(ValidationError, match="Ann Able has accepted this already, on ") as refused:
        services.return_(evidence, "Too thin", by=second)
    assert refused.value.code == "decided"


@pytest.mark.django_db(transaction=True)
def test_of_two_reviewers_at_once_one_decides(tmp_path):
    evidence, first, second = proved(), people.user("officer"), people.user("officer")

    results = race(
        tmp_path,
        lambda: services.accept(evidence, by=first).strength,
        lambda: services.return_(evidence, "Too thin", by=second).strength,
    )

    assert sorted(results) in (["decided", "verified"], ["decided", "evidenced"])


def test_what_is_returned_waits_no_more_until_it_is_changed():
    officer = people.user("officer")
    evidence = proved(by=officer)
    services.return_(evidence, "Say who took part", by=people.user("officer"))
    assert (strength(evidence), Evidence.objects.waiting().count()) == ("evidenced", 0)
    assert list(Evidence.objects.returned_to(officer)) == [evidence]

    services.change(evidence, evidence.how, by=officer)
    assert Evidence.objects.waiting().count() == 0
    services.change(evidence, "Twelve patients took part.", by=officer)
    assert Evidence.objects.waiting().count() == 1


def test_a_return_needs_a_reason():
    with pytest.raises(ValidationError, match="Say what is missing"):
        services.return_(proved(), " ", by=people.user("officer"))


# Outcome and change ------------------------------------------------------------------------------


def test_an_outcome_is_shown_by_an_impact_that_the_record_backs():
    activity = engagement.activity()
    backed = engagement.impact(activity, evidence="The leaflet of May.")
    others = [
        engagement.impact(activity),
        engagement.impact(activity, kind="none_yet", evidence="Nothing so far."),
        engagement.impact(engagement.activity(), evidence="The leaflet of June."),
    ]
    evidence, reviewer = proved(activity), people.user("officer")
    for impact in others:
        with pytest.raises(ValidationError, match="Choose a change"):
            services.accept(evidence, by=reviewer, impact=impact)

    services.accept(evidence, by=reviewer, impact=backed)
    assert strength(evidence) == "outcome"


def test_a_forum_shows_the_outcome_of_an_activity_in_which_it_took_part():
    forum = forums.forum()
    impact = engagement.impact(engagement.activity(forums=[forum]), evidence="The new rota.")
    evidence = verified(forum)

    services.show_outcome(evidence, impact, by=people.user("officer"))
    assert strength(evidence) == "outcome"


@pytest.mark.parametrize("what", ["words", "proof", "withdrawn"])
def test_a_verified_claim_that_changes_has_to_be_reviewed_again(what):
    officer = people.user("officer")
    evidence = verified(by=officer)
    if what == "words":
        services.change(evidence, "Otherwise.", by=officer)
    elif what == "proof":
        services.attach_proof(evidence, "More", link="https://example.org/more", by=officer)
    else:
        services.withdraw_proof(evidence.proofs.get(), by=officer)

    now = Evidence.objects.get(pk=evidence.pk)
    assert now.strength == ("claimed" if what == "withdrawn" else "evidenced")
    assert (now.reviewed_by, now.reviewed_at, now.impact) == (None, None, None)


def test_the_file_of_a_withdrawn_proof_is_gone(django_capture_on_commit_callbacks):
    officer = people.user("officer")
    evidence = claimed(by=officer)
    proof = services.attach_proof(evidence, "Notes", file=ContentFile(b"notes", name="notes.txt"), by=officer)
    name, storage = proof.file.name, proof.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        services.withdraw_proof(proof, by=officer)
        services.withdraw_proof(Proof(pk=proof.pk, evidence=evidence), by=officer)

    assert not storage.exists(name)
    assert AuditEvent.objects.filter(verb="withdrew proof").count() == 1
