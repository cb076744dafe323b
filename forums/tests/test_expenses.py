"""Expenses: claimed by members or for them, decided by somebody else, paid."""

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from core.models import AuditEvent
from forums.forms.support import MoneyField
from forums.models import ExpenseCategory, ExpenseClaim, ExpenseItem
from forums.services.support import cards, expenses
from forums.tests import factories
from people.models import Message
from people.services import privacy
from people.tests import factories as people

pytestmark = pytest.mark.django_db
Status = ExpenseClaim.Status


def today(days: int = 0) -> datetime.date:
    return timezone.localdate() + datetime.timedelta(days=days)


def category(code: str = "mileage", **fields) -> ExpenseCategory:
    defaults = {
        "name": code.capitalize(),
        "unit": "mile",
        "most": Decimal("0.45"),
        "needs_receipt": False,
        "policy": "Reimbursement policy 3",
        "starts_on": datetime.date(2020, 4, 1),
    }
    return ExpenseCategory.objects.create(code=code, **defaults | fields)


def claim(person=None, **fields) -> ExpenseClaim:
    return ExpenseClaim.objects.create(person=person or people.member(), **{"what_for": "Panel"} | fields)


def item(of: ExpenseClaim, amount: str = "4.50", rule: ExpenseCategory | None = None, **fields) -> ExpenseItem:
    rule = rule or ExpenseCategory.objects.first() or category()
    return ExpenseItem.objects.create(claim=of, category=rule, amount=Decimal(amount), **{"on": today()} | fields)


def sent(person=None, amount: str = "4.50", **fields) -> ExpenseClaim:
    """A claim as a member sends it."""
    row = claim(person, **fields)
    item(row, amount)
    return expenses.submit(row, row.person.user)


def add(to: ExpenseClaim, rule: ExpenseCategory, **values) -> ExpenseItem:
    defaults = {"on": today(), "quantity": Decimal(10), "amount": Decimal("4.50")}
    return expenses.add_item(to, by=to.person.user, category=rule, **defaults | values)


@pytest.fixture(autouse=True)
def purpose():
    """What the system writes for, as a body's profile has it."""
    return people.purpose()


def stored(added: ExpenseItem) -> bytes:
    """The receipt as it is kept."""
    with added.receipt.open() as file:
        return file.read()


@pytest.fixture
def lead():
    return people.user("lead")


@pytest.fixture
def officer():
    return people.user("officer")


# The policy --------------------------------------------------------------------------------------


def test_the_rule_of_the_day_counts_and_not_that_of_today():
    old = category(most=Decimal("0.40"), ends_on=today(-30))
    new = category(most=Decimal("0.50"), starts_on=today(-29))
    row = claim()
    assert add(row, new, on=today(-29), amount=Decimal(5)).category == new
    assert add(row, new, on=today(-30), amount=Decimal(4)).category == old
    with pytest.raises(ValidationError) as caught:
        add(row, new, on=today(-30), amount=Decimal(5))
    assert caught.value.message_dict["amount"] == [
        "Enter £4.00 or less. The policy “Reimbursement policy 3” pays: Mileage: up to £0.40 for each mile"
    ]


def test_what_could_not_be_claimed_on_a_day_is_refused():
    rule = category(starts_on=today(-5))
    with pytest.raises(ValidationError) as caught:
        add(claim(), rule, on=today(-6))
    assert list(caught.value.message_dict) == ["on"]


def test_the_limit_is_for_each_and_to_the_penny():
    rule, row = category(), claim()
    assert add(row, rule, quantity=Decimal("3.3"), amount=Decimal("1.48")).pk  # 1.485
    with pytest.raises(ValidationError, match=r"1\.48 or less"):
        add(row, rule, quantity=Decimal("3.3"), amount=Decimal("1.49"))


def test_without_a_limit_what_was_paid_is_paid():
    assert add(claim(), category(most=None), amount=Decimal("99999.99")).pk


def test_a_receipt_is_asked_for_where_the_policy_asks_for_it():
    rule, row = category("taxi", needs_receipt=True, most=None), claim()
    with pytest.raises(ValidationError) as caught:
        add(row, rule)
    assert caught.value.message_dict == {"receipt": ["Add the receipt. The policy asks for one"]}
    assert stored(add(row, rule, receipt=ContentFile(b"%PDF-1.7", name="a.pdf"))) == b"%PDF-1.7"


@pytest.mark.parametrize(
    ("day", "oldest"),
    [
        (datetime.date(2026, 3, 15), datetime.date(2025, 3, 15)),
        (datetime.date(2024, 2, 29), datetime.date(2023, 2, 28)),
        (datetime.date(2026, 1, 31), datetime.date(2025, 1, 31)),
    ],
)
def test_expenses_of_a_year_can_be_claimed(day, oldest):
    assert expenses.oldest_day(day) == oldest


def test_a_day_that_is_to_come_or_too_long_ago_is_refused():
    rule, row = category(), claim()
    assert add(row, rule, on=expenses.oldest_day()).pk
    for on in (today(1), expenses.oldest_day() - datetime.timedelta(days=1)):
        with pytest.raises(ValidationError) as caught:
            add(row, rule, on=on)
        assert list(caught.value.message_dict) == ["on"]


@pytest.mark.parametrize(
    "wrong", [{"amount": Decimal(0)}, {"amount": Decimal("-1")}, {"quantity": Decimal(0)}, {"amount": Decimal("1e7")}]
)
def test_amounts_and_numbers_are_above_nothing(wrong):
    with pytest.raises(ValidationError):
        add(claim(), category(most=None), **wrong)


def test_only_the_newest_rule_of_each_kind_is_offered():
    category(ends_on=today(-30))
    new = category(most=Decimal("0.50"), starts_on=today(-29))
    category("old", ends_on=expenses.oldest_day() - datetime.timedelta(days=1))
    category("later", starts_on=today(1))
    assert expenses.categories_offered() == [new]


def test_limits_are_said_in_words():
    assert expenses.limit_in_words(category()) == "Mileage: up to £0.45 for each mile, no receipt needed"
    assert expenses.limit_in_words(category("lunch", unit="")) == "Lunch: up to £0.45 each, no receipt needed"
    rule = category("taxi", most=None, needs_receipt=True)
    assert expenses.limit_in_words(rule) == "Taxi: what you paid, with a receipt"


# A claim -----------------------------------------------------------------------------------------


def test_a_claim_asked_for_twice_is_begun_once():
    person = people.member()
    meeting = factories.meeting(factories.forum(), -3)
    first = expenses.start_claim(person, by=person.user, what_for="  Panel   visit 🙂 ", meeting=meeting)
    assert (first.what_for, first.forum, first.status) == ("Panel visit 🙂", meeting.forum, Status.DRAFT)
    assert expenses.start_claim(person, by=person.user, what_for="Panel visit 🙂", meeting=meeting) == first
    item(first)
    assert expenses.start_claim(person, by=person.user, what_for="Panel visit 🙂", meeting=meeting) != first


@pytest.mark.parametrize("what_for", ["", "   ", "x" * 201])
def test_a_claim_says_what_it_is_for(what_for):
    person = people.member()
    with pytest.raises(ValidationError) as caught:
        expenses.start_claim(person, by=person.user, what_for=what_for)
    assert list(caught.value.message_dict) == ["what_for"]


def test_somebody_who_was_erased_or_merged_has_no_claim():
    gone = people.person(erased_at=timezone.now())
    merged = people.person(merged_into=people.person())
    for person in (gone, merged):
        with pytest.raises(ValidationError, match="no longer in use"):
            expenses.start_claim(person, by=people.user("lead"), what_for="Panel")


def test_the_same_expense_is_added_once():
    rule, row = category(), claim()
    add(row, rule)
    with pytest.raises(ValidationError, match="on the claim already"):
        add(row, rule)
    assert add(row, rule, amount=Decimal("4.40")).pk


def test_a_claim_has_so_many_expenses_at_most():
    rule, row = category(), claim()
    items = [
        ExpenseItem(claim=row, category=rule, on=today(), amount=Decimal(number + 1))
        for number in range(expenses.MOST_ITEMS)
    ]
    ExpenseItem.objects.bulk_create(items)
    with pytest.raises(ValidationError, match="at most 50 expenses"):
        add(row, rule)


def test_a_sent_claim_does_not_change():
    row = sent()
    sent_at = row.submitted_at
    for change in (
        lambda: add(row, ExpenseCategory.objects.get()),
        lambda: expenses.remove_item(row.items.get(), by=row.person.user),
    ):
        with pytest.raises(ValidationError, match="sent already"):
            change()
    again = expenses.submit(row, people.user("lead"))
    assert (again.submitted_at, again.submitted_by) == (sent_at, row.person.user)


def test_a_claim_without_expenses_is_not_sent():
    row = claim()
    with pytest.raises(ValidationError, match="Add an expense"):
        expenses.submit(row, row.person.user)


def test_an_expense_that_grew_too_old_on_a_draft_is_not_sent():
    row = claim()
    item(row, on=expenses.oldest_day() - datetime.timedelta(days=1))
    with pytest.raises(ValidationError, match="more than 12 months old"):
        expenses.submit(row, row.person.user)


def test_a_removed_expense_takes_its_receipt_along(django_capture_on_commit_callbacks, media_root):
    row = claim()
    added = add(row, category("taxi", needs_receipt=True), receipt=ContentFile(b"%PDF", name="a.pdf"))
    assert len(list(media_root.rglob("*.pdf"))) == 1
    with django_capture_on_commit_callbacks(execute=True):
        expenses.remove_item(added, by=row.person.user)
    assert list(media_root.rglob("*.pdf")) == []
    assert row.items.count() == 0


def test_every_step_is_in_the_audit_trail_without_amounts(lead):
    row = claim()
    add(row, category())
    expenses.submit(row, row.person.user)
    expenses.approve(row, lead)
    expenses.pay(row, today(), lead)
    events = AuditEvent.objects.filter(subject_type="forums.expenseclaim", subject_id=str(row.pk)).order_by("pk")
    assert [event.verb for event in events] == [
        "added expense", "sent expense claim", "approved expense claim", "paid expense claim"
    ]  # fmt: skip
    assert events[0].detail == {"item": row.items.get().pk}


# Decisions ---------------------------------------------------------------------------------------


def test_an_approved_claim_is_told_once(lead):
    row = sent()
    for _time in range(2):
        expenses.approve(row, lead)
    row.refresh_from_db()
    assert (row.status, row.decided_by) == (Status.APPROVED, lead)
    message = Message.objects.get()
    assert (message.person, message.subject) == (row.person, "Your expenses are approved")
    assert "£4.50" in message.body


def test_a_refusal_has_a_reason_and_the_person_reads_it(lead):
    row = sent()
    with pytest.raises(ValidationError) as caught:
        expenses.reject(row, "  ", lead)
    assert list(caught.value.message_dict) == ["reason"]
    for _time in range(2):
        expenses.reject(row, "Not on a meeting day", lead)
    row.refresh_from_db()
    assert (row.status, row.reason) == (Status.REJECTED, "Not on a meeting day")
    assert "Not on a meeting day" in Message.objects.get().body
    with pytest.raises(ValidationError, match="decided already"):
        expenses.approve(row, lead)


def test_nobody_decides_their_own_claim(lead):
    row = sent(people.person(user=lead))
    for decide in (lambda: expenses.approve(row, lead), lambda: expenses.reject(row, "no", lead)):
        with pytest.raises(ValidationError, match="your own claim"):
            decide()


def test_two_people_see_a_claim_that_was_entered_for_somebody(lead):
    person = people.person()
    other = people.user("lead")
    row = expenses.start_claim(person, by=lead, what_for="Panel")
    item(row)
    expenses.submit(row, other)
    for hand in (lead, other):
        with pytest.raises(ValidationError, match="You entered this claim"):
            expenses.approve(row, hand)
    assert expenses.approve(row, people.user("lead")).status == Status.APPROVED


def test_who_added_a_single_expense_does_not_approve_it(lead):
    row = claim()
    expenses.add_item(row, by=lead, category=category(), on=today(), quantity=Decimal(10), amount=Decimal(4))
    expenses.submit(row, row.person.user)
    with pytest.raises(ValidationError, match="You entered this claim"):
        expenses.approve(row, lead)


def test_only_those_who_may_decide(officer):
    row = sent()
    with pytest.raises(PermissionDenied):
        expenses.approve(row, officer)
    with pytest.raises(PermissionDenied):
        expenses.pay(row, today(), row.person.user)


def test_a_draft_is_not_decided_on(lead):
    row = claim()
    with pytest.raises(ValidationError, match="not sent yet"):
        expenses.approve(row, lead)


def test_only_what_is_approved_is_paid_and_on_a_day_that_can_be(lead):
    row = sent()
    with pytest.raises(ValidationError, match="Only an approved claim"):
        expenses.pay(row, today(), lead)
    expenses.approve(row, lead)
    for day in (today(1), today(-1)):
        with pytest.raises(ValidationError) as caught:
            expenses.pay(row, day, lead)
        assert list(caught.value.message_dict) == ["on"]
    for _time in range(2):
        assert expenses.pay(row, today(), lead).paid_on == today()
    with pytest.raises(ValidationError, match="Only an approved claim"):
        expenses.pay(row, today(-1), lead)
    assert Message.objects.filter(subject="Your expenses are paid").count() == 1


def test_nobody_records_the_payment_of_their_own_claim(lead):
    row = sent(people.person(user=lead))
    expenses.approve(row, people.user("lead"))
    with pytest.raises(ValidationError, match="your own claim"):
        expenses.pay(row, today(), lead)


def test_somebody_who_is_owed_money_is_not_erased(lead):
    row = sent()
    assert privacy.reasons_to_wait(row.person) == []
    expenses.approve(row, lead)
    assert privacy.reasons_to_wait(row.person) == ["An approved claim for expenses is not paid yet"]
    expenses.pay(row, today(), lead)
    assert privacy.reasons_to_wait(row.person) == []


def test_a_draft_of_two_weeks_waits_on_the_home_page():
    row = claim(what_for="Panel in May")
    claim(row.person)
    long_ago = timezone.now() - datetime.timedelta(days=cards.DAYS_UNSENT)
    ExpenseClaim.objects.filter(pk=row.pk).update(created_at=long_ago)
    waiting = list(cards.cards(row.person))
    assert [card.title for card in waiting] == ["Send your expenses for “Panel in May”"]
    assert waiting[0].url == reverse("members:expense_detail", args=[row.pk])


# Money as people write it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [("4.5", "4.5"), ("£4.50", "4.50"), ("£ 4", "4"), (" 1,234.50 ", "1234.50"), ("£12,345,678", "12345678")],
)
def test_pounds_are_read_as_people_write_them(text, amount):
    assert MoneyField(label="Amount").clean(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["4,50", "4.505", "-3", "abc", "1e3", "٤.٥٠", "4 50", "NaN", "£", "1234567", "💷5"])
def test_what_is_no_money_is_refused_with_an_example(text):
    with pytest.raises(ValidationError) as caught:
        MoneyField(label="Amount").clean(text)
    assert caught.value.messages == ["Amount must be in pounds and pence, like 4.50"]


# Pages of members --------------------------------------------------------------------------------


def photo() -> SimpleUploadedFile:
    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (30, 20)).save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("IMG 1.jpeg", out.getvalue())


def answers(**values) -> dict:
    day = today()
    defaults = {"category": "taxi", "on_0": day.day, "on_1": day.month, "on_2": day.year, "quantity": "1"}
    return defaults | {"amount": "£4.50"} | values


def test_a_member_claims_with_a_photograph(client):
    category("taxi", needs_receipt=True, most=None)
    person = people.member()
    forum = factories.forum()
    factories.membership(forum, person)
    meeting = factories.meeting(forum, -3)
    client.force_login(person.user)
    page = client.post(reverse("members:expense_new"), {"what_for": "Panel", "meeting": meeting.pk, "forum": ""})
    row = person.expense_claims.get()
    url = reverse("members:expense_detail", args=[row.pk])
    assert page.headers["Location"] == url
    assert client.post(url, answers(receipt=photo())).status_code == 302
    added = row.items.get()
    assert b"taken at home" not in stored(added)
    file = client.get(reverse("members:receipt", args=[added.pk]))
    assert (file.status_code, file.headers["Content-Type"]) == (200, "image/jpeg")
    assert file.getvalue()[:2] == b"\xff\xd8"
    text = client.get(url).content.decode()
    assert "£4.50" in text
    assert client.post(reverse("members:expense_send", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.submitted_by, row.forum) == (Status.SUBMITTED, person.user, forum)
    text = client.get(url).content.decode()
    assert "We write to you when it is decided" in text
    assert "Add an expense" not in text
    assert client.post(url, answers(receipt=photo())).status_code == 422


def test_wrong_answers_stay_on_the_page_with_what_to_do(client):
    category("taxi", needs_receipt=True, most=Decimal(5), unit="")
    row = claim()
    client.force_login(row.person.user)
    url = reverse("members:expense_detail", args=[row.pk])
    wrong = {
        "Select an answer from the list": answers(category="yacht"),
        "Amount in pounds must be in pounds and pence": answers(amount="4,50"),
        "Enter £5.00 or less": answers(amount="5.01", receipt=photo()),
        "Add the receipt": answers(),
        "Save it again as PDF": answers(receipt=SimpleUploadedFile("a.pdf", b"MZ")),
        "Save it as JPG": answers(receipt=SimpleUploadedFile("a.heic", b"\0\0\0\x18ftypheic")),
        "The day must be today or in the past": answers(on_2=today().year + 1, receipt=photo()),
        "Day must be a real date": answers(on_0="31", on_1="2", receipt=photo()),
    }
    for words, given in wrong.items():
        page = client.post(url, given)
        assert page.status_code == 422
        assert words in page.content.decode()
    assert row.items.count() == 0


def test_the_meetings_and_forums_of_others_are_not_offered(client):
    person = people.member()
    theirs = factories.meeting(factories.forum(), -3)
    invited = factories.meeting(factories.forum(), -2)
    factories.attendance(invited, person)
    client.force_login(person.user)
    form = client.get(reverse("members:expense_new")).context["form"]
    assert list(form.fields["meeting"].queryset) == [invited]
    page = client.post(reverse("members:expense_new"), {"what_for": "Panel", "meeting": theirs.pk})
    assert page.status_code == 422
    page = client.post(reverse("members:expense_new"), {"what_for": "Panel", "forum": theirs.forum.pk})
    assert page.status_code == 422
    assert person.expense_claims.count() == 0


def test_the_claims_of_others_are_not_found(client):
    mine, theirs = claim(), claim(what_for="Canary")
    added = item(theirs, receipt="receipts/a.pdf")
    client.force_login(mine.person.user)
    assert "Canary" not in client.get(reverse("members:expense_list")).content.decode()
    assert client.get(reverse("members:expense_detail", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("members:expense_detail", args=[theirs.pk]), answers()).status_code == 404
    assert client.post(reverse("members:expense_send", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("members:expense_item_remove", args=[added.pk])).status_code == 404
    assert client.get(reverse("members:receipt", args=[added.pk])).status_code == 404
    assert client.get(reverse("members:receipt", args=[item(mine).pk])).status_code == 404  # it has none
    assert theirs.items.count() == 1


def test_a_member_removes_an_expense_from_their_draft(client):
    row = claim()
    added = item(row)
    client.force_login(row.person.user)
    assert client.get(reverse("members:expense_item_remove", args=[added.pk])).status_code == 405
    assert client.post(reverse("members:expense_item_remove", args=[added.pk])).status_code == 302
    assert row.items.count() == 0


def test_a_member_reads_why_and_when(client, lead):
    no, paid = sent(), None
    expenses.reject(no, "Not on a meeting day", lead)
    paid = sent(no.person, what_for="Second")
    expenses.approve(paid, lead)
    client.force_login(no.person.user)
    assert "It is not paid yet" in client.get(reverse("members:expense_detail", args=[paid.pk])).content.decode()
    expenses.pay(paid, today(), lead)
    assert "It was paid on" in client.get(reverse("members:expense_detail", args=[paid.pk])).content.decode()
    assert "Not on a meeting day" in client.get(reverse("members:expense_detail", args=[no.pk])).content.decode()
    client.get(reverse("members:expense_detail", args=[claim(no.person).pk]))


def test_pages_of_members_are_for_members(client, lead):
    client.force_login(lead)
    assert client.get(reverse("members:expense_list")).status_code == 403


# Pages of staff ----------------------------------------------------------------------------------


def test_staff_enter_a_claim_on_paper_and_somebody_else_approves_it(client, lead, officer):
    category("taxi", most=None)
    person = people.person("Ruth Osei")
    client.force_login(officer)
    url = f"{reverse('work:expense_new')}?person={person.pk}"
    assert "Ruth Osei" in client.get(url).content.decode()
    page = client.post(url, {"what_for": "Panel"})
    row = person.expense_claims.get()
    detail = reverse("work:expense_detail", args=[row.pk])
    assert page.headers["Location"] == detail
    assert client.post(reverse("work:expense_add", args=[row.pk]), answers(amount="x")).status_code == 422
    assert client.post(reverse("work:expense_add", args=[row.pk]), answers(receipt=photo())).status_code == 302
    spare = item(row, "9.00")
    assert client.get(detail).status_code == 200
    assert client.post(reverse("work:expense_item_remove", args=[spare.pk])).status_code == 302
    assert client.post(reverse("work:expense_send", args=[row.pk])).status_code == 302
    assert "Approve the claim" not in client.get(detail).content.decode()
    assert client.post(reverse("work:expense_approve", args=[row.pk])).status_code == 403
    client.force_login(lead)
    assert "Approve the claim" in client.get(detail).content.decode()
    file = client.get(reverse("work:receipt", args=[row.items.get().pk]))
    assert file.getvalue()[:2] == b"\xff\xd8"
    assert AuditEvent.objects.filter(verb="read receipt", actor_id=lead.pk).count() == 1
    assert client.post(reverse("work:expense_reject", args=[row.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("work:expense_approve", args=[row.pk])).status_code == 302
    assert "Record the payment" in client.get(detail).content.decode()
    day = today(1)
    late = {"on_0": day.day, "on_1": day.month, "on_2": day.year}
    assert client.post(reverse("work:expense_pay", args=[row.pk]), late).status_code == 422
    day = today()
    good = {"on_0": day.day, "on_1": day.month, "on_2": day.year}
    assert client.post(reverse("work:expense_pay", args=[row.pk]), good).status_code == 302
    row.refresh_from_db()
    assert row.status == Status.PAID
    assert "Paid on" in client.get(detail).content.decode()


def test_a_claim_is_rejected_on_the_page(client, lead):
    row = sent()
    client.force_login(lead)
    assert client.post(reverse("work:expense_reject", args=[row.pk]), {"reason": "No"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.reason) == (Status.REJECTED, "No")


def test_the_page_says_why_somebody_may_not_decide(client, lead):
    row = sent(people.person(user=lead))
    client.force_login(lead)
    text = client.get(reverse("work:expense_detail", args=[row.pk])).content.decode()
    assert "This is your own claim" in text
    assert "Approve the claim" not in text
    text = client.post(reverse("work:expense_approve", args=[row.pk]), follow=True).content.decode()
    assert "This is your own claim" in text


@pytest.mark.parametrize("number", ["", "x", "0", "٣", "99999999"])
def test_a_claim_is_entered_for_somebody_on_the_register(client, officer, number):
    client.force_login(officer)
    assert client.get(f"{reverse('work:expense_new')}?person={number}").status_code == 404


def test_claims_of_another_area_are_not_found(client):
    here, there = people.area(), people.area()
    mine, theirs = claim(people.member(area=here), what_for="Mine"), sent(people.member(area=there), what_for="Canary")
    added = theirs.items.get()
    client.force_login(people.user("lead", here))
    text = client.get(reverse("work:expense_list")).content.decode()
    assert "Mine" in text
    assert "Canary" not in text
    assert client.get(reverse("work:expense_detail", args=[mine.pk])).status_code == 200
    assert client.get(reverse("work:expense_detail", args=[theirs.pk])).status_code == 404
    assert client.get(reverse("work:receipt", args=[added.pk])).status_code == 404
    assert client.get(f"{reverse('work:expense_new')}?person={theirs.person.pk}").status_code == 404
    for name in ("add", "send", "approve", "reject", "pay"):
        assert client.post(reverse(f"work:expense_{name}", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("work:expense_item_remove", args=[added.pk])).status_code == 404


@pytest.mark.parametrize("role", ["member", "secretary", "project_lead", "safeguarding"])
def test_other_roles_see_no_claims(client, role):
    row = claim()
    added = item(row, receipt="receipts/a.pdf")
    client.force_login(people.user(role))
    for name, arguments in (
        ("expense_list", []),
        ("expense_costs", []),
        ("expense_new", []),
        ("expense_detail", [row.pk]),
        ("receipt", [added.pk]),
    ):
        assert client.get(reverse(f"work:{name}", args=arguments)).status_code == 403
    for name in ("add", "send", "approve", "reject", "pay"):
        assert client.post(reverse(f"work:expense_{name}", args=[row.pk])).status_code == 403


def test_what_is_sent_comes_first_and_the_list_can_be_narrowed(client, lead):
    waiting, draft = sent(what_for="Waiting"), claim(what_for="Newer draft")
    client.force_login(lead)
    assert list(client.get(reverse("work:expense_list")).context["page"]) == [waiting, draft]
    assert list(client.get(reverse("work:expense_list"), {"status": "draft"}).context["page"]) == [draft]
    page = client.get(reverse("work:expense_list"), {"status": "nonsense"})
    assert len(page.context["page"].object_list) == 2
    assert "We did not know the status" in page.content.decode()


def approved(amount: str, *, forum=None, person=None, on=None, paid: bool = False) -> ExpenseClaim:
    state = {"status": Status.PAID, "paid_on": today()} if paid else {"status": Status.APPROVED}
    row = claim(person, forum=forum, decided_at=timezone.now(), **state)
    item(row, amount, on=on or today())
    return row


def test_costs_are_added_up_by_forum(client, lead):
    forum = factories.forum("=Reader panel")
    person = people.member()
    approved("4.50", forum=forum, person=person)
    approved("10.00", forum=forum, person=person, paid=True)
    approved("7.25")
    approved("99", on=today(-900))
    sent()
    client.force_login(lead)
    days = {f"start_{i}": part for i, part in enumerate((1, 1, today(-365).year))}
    page = client.get(reverse("work:expense_costs"), days)
    row = {"forum": "=Reader panel", "claims": 2, "people": 1, "approved": Decimal("14.50"), "paid": Decimal("10.00")}
    nobody = {"forum": None, "claims": 1, "people": 1, "approved": Decimal("7.25"), "paid": Decimal()}
    assert sorted(page.context["rows"], key=lambda each: each["approved"]) == [nobody, row]
    assert "no forum named" in page.content.decode()
    file = client.get(reverse("work:expense_costs"), days | {"format": "csv"})
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    lines = file.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith('"Forum","Claims","People"')
    assert any(line.startswith('"\'=Reader panel","2","1","14.50","10.00"') for line in lines)


def test_a_day_that_is_none_is_left_out(client, lead):
    client.force_login(lead)
    page = client.get(reverse("work:expense_costs"), {"start_0": "31", "start_1": "2", "start_2": "2026"})
    assert page.status_code == 200
    assert "not a real date" in page.content.decode()
    assert page.context["start"].month == 4


def test_costs_of_another_area_are_not_counted(client):
    here = people.area()
    approved("5.00", person=people.member(area=people.area()))
    client.force_login(people.user("lead", here))
    assert client.get(reverse("work:expense_costs")).context["rows"] == []


# Speed -------------------------------------------------------------------------------------------


def queries(client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def fill(people_: list, number: int) -> None:
    rule = ExpenseCategory.objects.first() or category()
    claims = ExpenseClaim.objects.bulk_create(
        ExpenseClaim(person=people_[i % len(people_)], what_for=f"Claim {i}", status=Status.SUBMITTED)
        for i in range(number)
    )
    ExpenseItem.objects.bulk_create(
        ExpenseItem(claim=row, category=rule, on=today(), amount=Decimal(1)) for row in claims
    )


@pytest.mark.parametrize("name", ["members:expense_list", "work:expense_list", "work:expense_costs"])
def test_lists_ask_the_database_as_often_for_a_thousand_as_for_ten(client, lead, name):
    person = people.member()
    client.force_login(person.user if name.startswith("members") else lead)
    client.get(reverse(name))
    counted = []
    for more in (10, 90, 900):
        fill([person] if name.startswith("members") else [person, people.person()], more)
        counted.append(queries(client, reverse(name)))
    assert len(set(counted)) == 1, counted


def test_categories_are_kept_in_the_admin(client, lead, officer):
    rule = category()
    client.force_login(lead)
    assert client.get(reverse("admin:forums_expensecategory_changelist")).status_code == 200
    assert client.get(reverse("admin:forums_expensecategory_change", args=[rule.pk])).status_code == 200
    client.force_login(officer)
    assert client.get(reverse("admin:forums_expensecategory_add")).status_code == 403
