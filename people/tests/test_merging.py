"""Two entries that are one person become one: nothing is lost and nothing doubled, whatever the model."""

import datetime

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from core.models import AuditEvent
from core.privacy import models_about_people
from core.tests.racing import race
from forums.models import Buddy, Membership, Rating, ReviewAnswer
from forums.tests import factories as forums
from people.models import Consent, EqualityAnswer, PanelProfile, Person, TwoPeople, User, YoungPerson
from people.services import grant_role, merging, needs, privacy, safeguarding
from people.tests import factories
from people.tests.about_people import Maker

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead():
    return factories.user("lead")


def test_everything_that_hangs_on_an_entry_moves_whatever_the_model(lead):
    maker, person, keep = Maker("ONE"), None, factories.person("Ann Lee")
    person = maker.person()
    maker.everything(person)
    before = {model: model._base_manager.count() for model in models_about_people()}
    merging.merge(keep, person, by=lead)
    assert {model: model._base_manager.count() for model in models_about_people()} == before
    for model in models_about_people():
        if model is not Person:
            assert model._base_manager.filter(**{model.about: person.pk}).count() == 0, model
            assert model._base_manager.filter(**{model.about: keep.pk}).count() == 1, model
    event = AuditEvent.objects.get(verb="merged people")
    assert event.detail["gone"] == person.pk
    assert event.detail["moved"]["forums.Membership"] == 1


def test_where_both_have_a_row_of_every_model_nothing_is_lost_and_nothing_doubled(lead):
    one, other = Maker("ONE"), Maker("TWO")
    keep, gone = one.person(), other.person()
    one.everything(keep)
    other.everything(gone)
    Person.objects.filter(pk__in=[keep.pk, gone.pk]).update(postcode="AL1 1AA")
    merging.merge(keep, gone, by=lead)
    number = {
        model._meta.label: model._base_manager.filter(**{model.about: keep.pk}).count()
        for model in models_about_people()
    }
    once = {
        "people.Person", "people.PersonCapacity", "people.AccessNeed", "people.PanelProfile", "people.YoungPerson",
        "people.ErasureRequest", "forums.PaperRead", "forums.Attendance", "forums.Application",
        "forums.ReviewAnswer", "forums.TrainingRecord", "forums.Visitor", "engagement.AssuranceAnswer",
        "engagement.Representative", "insights.Contributor", "insights.Told", "insights.Verdict",
    }  # fmt: skip
    assert {label for label, count in number.items() if count == 1} == once
    assert set(number.values()) == {1, 2}
    for model in models_about_people():
        if model is not Person:
            assert model._base_manager.filter(**{model.about: gone.pk}).count() == 0, model
    attendance = keep.attendances.get()
    assert attendance.needs_note == "; ".join(
        token.upper()
        for maker in (one, other)
        for token, place in maker.tokens.items()
        if place.endswith(".needs_note")
    )


def test_merging_twice_is_harmless(lead):
    keep, gone = factories.person("Ann Lee"), factories.person("Anne Lee")
    assert merging.merge(keep, gone, by=lead) == merging.merge(keep, gone, by=lead) == keep
    assert AuditEvent.objects.filter(verb="merged people").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_the_same_entries_at_once_merge_them_once(tmp_path):
    keep, gone, lead = factories.person("Ann Lee"), factories.member("Anne Lee"), factories.user("lead")
    calls = [lambda: (merging.merge(keep, gone, by=lead).pk, AuditEvent.objects.filter(verb="merged people").count())]
    assert race(tmp_path, *calls * 2) == [(keep.pk, 1)] * 2


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_different_entries_at_once_leave_one(tmp_path):
    one, other, lead = factories.person("Ann Lee"), factories.person("Anne Lee"), factories.user("lead")
    pairs = [(one, other), (other, one)]
    results = race(tmp_path, *[lambda pair=pair: merging.merge(*pair, by=lead).pk for pair in pairs])
    refused = "One of these entries is no longer in use"
    assert set(results) in ({one.pk, refused}, {other.pk, refused})


def test_what_cannot_be_merged_is_refused(lead):
    one, other, third = (factories.person() for _ in range(3))
    with pytest.raises(ValidationError, match="different"):
        merging.merge(one, one, by=lead)
    merging.merge(one, other, by=lead)
    with pytest.raises(ValidationError, match="no longer in use"):
        merging.merge(third, other, by=lead)
    with pytest.raises(ValidationError, match="no longer in use"):
        merging.merge(other, third, by=lead)
    erased = factories.person(erased_at=timezone.now())
    for pair in ((third, erased), (erased, third)):
        with pytest.raises(ValidationError, match="no longer in use"):
            merging.merge(*pair, by=lead)


def test_an_entry_that_others_were_merged_into_takes_them_along(lead):
    first, second, third = (factories.person(f"Ann Lee{n}") for n in range(3))
    merging.merge(second, first, by=lead)
    merging.merge(third, second, by=lead)
    assert set(third.merged.all()) == {first, second}


def test_empty_fields_are_filled_and_the_older_entry_keeps_its_name(lead):
    place = factories.area()
    keep = factories.person("Ann Lee", phone="01992 555555")
    gone = factories.person("Anne Lee", phone="07700 900123", email="a@x.org", birth_year=1960, area=place)
    merging.merge(keep, gone, by=lead)
    keep.refresh_from_db()
    gone.refresh_from_db()
    assert (keep.name, keep.phone, keep.email, keep.birth_year, keep.area) == (
        "Ann Lee", "01992 555555", "a@x.org", 1960, place,
    )  # fmt: skip
    assert (gone.name, gone.merged_into, gone.user) == ("Anne Lee", keep, None)


def test_the_account_moves_where_there_is_one(lead):
    keep, gone = factories.person("Ann Lee"), factories.member("Anne Lee")
    account = gone.user
    merging.merge(keep, gone, by=lead)
    keep.refresh_from_db()
    assert keep.user == account
    assert keep.email == account.email


def test_of_two_accounts_one_stays_and_what_the_other_did_is_said_of_it(lead):
    keep, gone = factories.member("Ann Lee"), factories.member("Anne Lee")
    EmailAddress.objects.create(user=gone.user, email=gone.user.email, primary=True, verified=True)
    group = Group.objects.create(name="Readers")
    group.user_set.add(keep.user, gone.user)
    consent = factories.consent(gone, "quotes", recorded_by=gone.user)
    number = gone.user_id
    merging.merge(keep, gone, by=lead)
    consent.refresh_from_db()
    assert consent.recorded_by == keep.user
    assert not User.objects.filter(pk=number).exists()
    assert not EmailAddress.objects.exists()
    assert keep.user.roles.count() == 1
    assert AuditEvent.objects.get(verb="merged people").detail["account"] == number


def test_an_account_with_staff_work_is_not_lost(lead):
    keep, gone = factories.member("Ann Lee"), factories.member("Anne Lee")
    grant_role(gone.user, "officer", by=None)
    with pytest.raises(ValidationError, match="staff work"):
        merging.merge(keep, gone, by=lead)
    merging.merge(gone, keep, by=lead)
    assert Person.objects.get(pk=gone.pk).user_id == gone.user_id


def test_an_account_with_staff_work_goes_to_an_entry_that_has_none(lead):
    keep, gone = factories.person("Ann Lee"), factories.member("Anne Lee")
    grant_role(gone.user, "officer", by=None)
    account = gone.user
    merging.merge(keep, gone, by=lead)
    assert Person.objects.get(pk=keep.pk).user == account
    assert account.roles.count() == 2


def test_open_seats_that_mean_the_same_become_one_from_the_earlier_day(lead):
    keep, gone, forum = factories.person(), factories.person(), forums.forum()
    forums.membership(forum, keep, started_on=datetime.date(2024, 5, 1))
    forums.membership(forum, gone, started_on=datetime.date(2023, 5, 1), community="Carers")
    merging.merge(keep, gone, by=lead)
    seat = keep.memberships.get()
    assert (seat.started_on, seat.community, seat.ended_on) == (datetime.date(2023, 5, 1), "Carers", None)


@pytest.mark.parametrize("days", [(2024, 2023), (2023, 2024)])
def test_of_open_seats_that_mean_different_things_the_later_ends(lead, days):
    keep, gone, forum = factories.person(), factories.person(), forums.forum()
    forums.membership(forum, keep, started_on=datetime.date(days[0], 5, 1), community="Carers")
    forums.membership(forum, gone, started_on=datetime.date(days[1], 5, 1), community="Tenants")
    merging.merge(keep, gone, by=lead)
    open_seat, ended = keep.memberships.order_by("started_on")
    assert (open_seat.started_on.year, open_seat.ended_on) == (2023, None)
    assert (ended.ended_on, ended.left_because) == (timezone.localdate(), Membership.Left.OTHER)


def test_a_seat_that_has_not_begun_ends_on_its_first_day(lead):
    keep, gone, forum = factories.person(), factories.person(), forums.forum()
    to_come = timezone.localdate() + datetime.timedelta(days=30)
    forums.membership(forum, keep, community="Carers")
    forums.membership(forum, gone, started_on=to_come, community="Tenants")
    merging.merge(keep, gone, by=lead)
    assert keep.memberships.get(community="Tenants").ended_on == to_come


def test_a_closed_seat_and_an_open_one_both_stay(lead):
    keep, gone, forum = factories.person(), factories.person(), forums.forum()
    forums.membership(forum, keep)
    forums.membership(forum, gone, ended_on=timezone.localdate(), left_because="time")
    merging.merge(keep, gone, by=lead)
    assert keep.memberships.count() == 2


@pytest.mark.parametrize("is_first", [True, False])
def test_of_two_attendances_that_which_says_more_counts_and_its_gaps_are_filled(lead, is_first):
    keep, gone, meeting = factories.person(), factories.person(), forums.meeting(forums.forum())
    fuller, other = (keep, gone) if is_first else (gone, keep)
    forums.attendance(meeting, fuller, reply="online", presence="present", needs_note="A quiet room", needs_met="no")
    forums.attendance(meeting, other, reply="apologies", needs_comment="It was loud", needs_note="quiet")
    merging.merge(keep, gone, by=lead)
    attendance = keep.attendances.get()
    assert (attendance.reply, attendance.presence, attendance.needs_comment) == ("online", "present", "It was loud")
    assert attendance.needs_note == "A quiet room"


def test_what_hangs_on_a_row_that_is_folded_moves_with_it(lead):
    one, other = Maker("ONE"), Maker("TWO")
    keep, gone = one.person(), other.person()
    answers = [one.about(ReviewAnswer, keep), other.about(ReviewAnswer, gone)]
    shared = Maker("x")
    for answer in answers:
        shared.row(Rating, None, answer=answer, score=3)
        answer.page_comments.create(text="Too long")
    merging.merge(keep, gone, by=lead)
    answer = keep.review_answers.get()
    assert (answer.page_comments.count(), answer.ratings.count()) == (2, 1)


def test_the_later_of_two_consents_stays_in_force_and_ends_the_earlier(lead):
    keep, gone = factories.person(), factories.person()
    january, march = (timezone.make_aware(datetime.datetime(2024, month, 1)) for month in (1, 3))
    earlier = factories.consent(keep, "quotes", given_at=january)
    later = factories.consent(gone, "quotes", given_at=march, how="phone")
    merging.merge(keep, gone, by=lead)
    earlier.refresh_from_db()
    assert (earlier.withdrawn_at, earlier.withdrawn_how, earlier.withdrawal_recorded_by) == (march, "phone", lead)
    assert keep.consents.get(withdrawn_at=None) == later


def test_a_withdrawal_on_one_entry_ends_an_older_consent_on_the_other(lead):
    keep, gone = factories.person(), factories.person()
    january, march, may = (timezone.make_aware(datetime.datetime(2024, month, 1)) for month in (1, 3, 5))
    factories.consent(keep, "quotes", given_at=january, withdrawn_at=march, withdrawn_how="phone")
    before = factories.consent(gone, "quotes", given_at=january)
    after = factories.consent(gone, "opportunities", given_at=may)
    factories.consent(keep, "opportunities", given_at=january, withdrawn_at=march, withdrawn_how="phone")
    merging.merge(keep, gone, by=lead)
    before.refresh_from_db()
    assert (before.withdrawn_at, before.withdrawn_how) == (march, "phone")
    assert list(keep.consents.filter(withdrawn_at=None)) == [after]


def profile(person: Person, **fields) -> PanelProfile:
    consent = factories.consent(person, "panel_profile", **fields)
    return PanelProfile.objects.create(person=person, consent=consent, answers={"sex": person.name})


def test_a_panel_profile_stands_on_the_consent_in_force(lead):
    keep, gone = factories.person("Ann Lee"), factories.person("Anne Lee")
    january = timezone.make_aware(datetime.datetime(2024, 1, 1))
    profile(keep, given_at=january)
    later = profile(gone).consent
    merging.merge(keep, gone, by=lead)
    kept = PanelProfile.objects.get()
    assert (kept.person, kept.answers, kept.consent) == (keep, {"sex": "Ann Lee"}, later)


def test_a_panel_profile_goes_with_the_consent_that_was_taken_back(lead):
    keep, gone = factories.person("Ann Lee"), factories.person("Anne Lee")
    january, march = (timezone.make_aware(datetime.datetime(2024, month, 1)) for month in (1, 3))
    factories.consent(keep, "panel_profile", given_at=january, withdrawn_at=march, withdrawn_how="phone")
    profile(gone, given_at=january)
    merging.merge(keep, gone, by=lead)
    assert not PanelProfile.objects.exists()
    assert Consent.objects.filter(withdrawn_at=None).count() == 0
    assert AuditEvent.objects.filter(verb="deleted panel profile").exists()


def test_what_is_settled_about_an_age_comes_over_with_the_birth_date(lead):
    keep, gone = factories.person("Ann Lee", birth_year=1990), factories.person("Anne Lee")
    born = timezone.localdate().replace(day=1) - datetime.timedelta(days=12 * 366)
    by = factories.user("safeguarding")
    safeguarding.record_young_person(gone, by=by, birth_date=born, guardian_name="Tom Lee")
    merging.merge(keep, gone, by=lead)
    keep.refresh_from_db()
    assert keep.is_under_18
    assert (keep.safeguards, keep.write_to_guardian, keep.birth_year) == ("waiting", True, born.year)
    assert YoungPerson.objects.get().person == keep


def test_of_two_birth_dates_that_of_the_entry_that_stays_counts(lead):
    keep, gone = factories.person("Ann Lee"), factories.person("Anne Lee")
    by, today = factories.user("safeguarding"), timezone.localdate()
    for person, years, more in ((keep, 14, {}), (gone, 15, {"guardian_phone": "01992 555555", "agreed_on": today})):
        born = today.replace(day=1) - datetime.timedelta(days=years * 366)
        safeguarding.record_young_person(person, by=by, birth_date=born, guardian_name=f"Guardian {years}", **more)
    merging.merge(keep, gone, by=lead)
    young = YoungPerson.objects.get()
    assert (young.person, young.guardian_name, young.guardian_phone) == (keep, "Guardian 14", "01992 555555")


def test_an_age_that_was_settled_stays_when_its_record_is_gone(lead):
    long_ago = timezone.localdate() - datetime.timedelta(days=400)
    keep, gone = factories.person("Ann Lee", adult_from=long_ago, safeguards="cleared"), factories.person("Anne Lee")
    merging.merge(keep, gone, by=lead)
    keep.refresh_from_db()
    assert (keep.adult_from, keep.safeguards) == (long_ago, "cleared")


def test_equality_answers_follow_the_person_and_nobody_sees_whose_they_are(lead):
    factories.equality_question()
    keep, gone = factories.person("Ann Lee"), factories.member("Anne Lee")
    needs.set_equality_answers(gone, {"sex": "female"}, by=gone.user)
    merging.merge(keep, gone, by=lead)
    keep.refresh_from_db()
    assert needs.own_equality_answers(keep, by=keep.user) == {"sex": "female"}


def test_of_two_sets_of_equality_answers_that_of_the_entry_that_stays_counts(lead):
    factories.equality_question()
    keep, gone = factories.member("Ann Lee"), factories.member("Anne Lee")
    needs.set_equality_answers(keep, {"sex": "male"}, by=keep.user)
    needs.set_equality_answers(gone, {"sex": "female"}, by=gone.user)
    merging.merge(keep, gone, by=lead)
    assert needs.own_equality_answers(keep, by=keep.user) == {"sex": "male"}
    assert EqualityAnswer.objects.count() == 1


def test_what_tied_the_two_entries_to_each_other_goes(lead):
    keep, gone, other = factories.person(), factories.person(), factories.person()
    Buddy.objects.create(buddy=gone, person=keep, goals="Read papers")
    TwoPeople.objects.create(first=keep, second=gone)
    TwoPeople.objects.create(first=gone, second=other)
    TwoPeople.objects.create(first=keep, second=other)
    merging.merge(keep, gone, by=lead)
    assert not Buddy.objects.exists()
    assert [(each.first_id, each.second_id) for each in TwoPeople.objects.all()] == [(keep.pk, other.pk)]


def test_a_decision_about_others_stays_whichever_entry_is_older(lead):
    gone, other, keep = factories.person(), factories.person(), factories.person()
    TwoPeople.objects.create(first=gone, second=other, decided_by=lead)
    merging.merge(keep, gone, by=lead)
    decision = TwoPeople.objects.get()
    assert (decision.first, decision.second, decision.decided_by) == (other, keep, lead)


def test_two_open_requests_to_be_erased_become_one_of_the_earlier_day(lead):
    keep, gone = factories.person(), factories.person()
    early = timezone.now() - datetime.timedelta(days=20)
    privacy.ask_for_erasure(keep, how="phone", by=lead)
    request = privacy.ask_for_erasure(gone, how="paper", by=lead)
    type(request).objects.filter(pk=request.pk).update(asked_at=early)
    merging.merge(keep, gone, by=lead)
    assert keep.erasure_requests.get().asked_at == early
