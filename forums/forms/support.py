"""What is asked for expenses, thanks and buddies."""

import re
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import DatePartsField, FilterForm, Form
from forums.models import ExpenseClaim, Forum, Meeting, Thanks
from forums.services.support import buddies, expenses, thanks
from people.models import Person

POUNDS = re.compile(r"£? ?(\d{1,6}|\d{1,3}(,\d{3})+)(\.\d{1,2})?", re.ASCII)


class MoneyField(forms.CharField):
    """Pounds and pence as people write them: 4.5, £4.50, 1,234.50. A comma for the pence is not guessed at."""

    def clean(self, value):
        text = super().clean(value)
        if text in self.empty_values:
            return None
        if not POUNDS.fullmatch(text):
            raise ValidationError(
                gettext("%(label)s must be in pounds and pence, like 4.50") % {"label": self.label}, code="invalid"
            )
        return Decimal(text.lstrip("£ ").replace(",", ""))


class CheckedFileField(forms.FileField):
    """An upload that has passed the gate of `core.files`."""

    def __init__(self, *, allowed: tuple[str, ...], **kwargs):
        super().__init__(**kwargs)
        self.allowed = allowed

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        return files.checked(upload, allowed=self.allowed) if upload else None


# Expenses ----------------------------------------------------------------------------------------


class ClaimForm(Form):
    """What a claim is for. Offered are the meetings and the forums of the person."""

    what_for = forms.CharField(
        label=_("What was it for?"), max_length=200, help_text=_("For example “meeting of the patient panel”.")
    )
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting"), required=False, empty_label=_("No meeting")
    )
    forum = forms.ModelChoiceField(
        Forum.objects.none(),
        label=_("Forum"),
        required=False,
        empty_label=_("No forum"),
        help_text=_("Only if you chose no meeting."),
    )

    def __init__(self, *args, person: Person, **kwargs):
        super().__init__(*args, **kwargs)
        mine = person.memberships.values("forum")
        meetings = Meeting.objects.filter(Q(forum__in=mine) | Q(attendances__person=person))
        meetings = meetings.filter(starts_at__date__gte=expenses.oldest_day(), starts_at__lte=timezone.now())
        self.fields["meeting"].queryset = meetings.exclude(status=Meeting.Status.DRAFT).distinct()
        self.fields["forum"].queryset = Forum.objects.filter(pk__in=mine)


class ItemForm(Form):
    """One expense."""

    category = forms.ChoiceField(label=_("What did you pay for?"), widget=forms.RadioSelect)
    on = DatePartsField(label=_("Day"), help_text=_("For example, 27 3 2026"))
    quantity = forms.DecimalField(
        label=_("How many?"),
        initial=1,
        max_digits=7,
        decimal_places=1,
        min_value=Decimal("0.1"),
        help_text=_("For example, how many miles or tickets."),
    )
    amount = MoneyField(label=_("Amount in pounds"), max_length=20, help_text=_("For example, 4.50"))
    receipt = CheckedFileField(
        label=_("Receipt"),
        allowed=files.RECEIPTS,
        required=False,
        help_text=_("A photo or a PDF of at most 10 MB. We remove where and when the photo was taken."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.by_code = {category.code: category for category in expenses.categories_offered()}
        self.fields["category"].choices = [
            (code, expenses.limit_in_words(category)) for code, category in self.by_code.items()
        ]

    def clean_category(self):
        return self.by_code[self.cleaned_data["category"]]


class RejectForm(Form):
    reason = forms.CharField(
        label=_("Why is it not approved?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        help_text=_("The person reads this."),
    )


class PayForm(Form):
    on = DatePartsField(label=_("Day of payment"))


class ClaimFilter(FilterForm):
    status = forms.ChoiceField(
        label=_("Status"), required=False, choices=[("", _("All")), *ExpenseClaim.Status.choices]
    )


class CostsFilter(FilterForm):
    """The days whose costs are added up: the financial year so far, unless others are chosen."""

    start = DatePartsField(label=_("First day"), required=False)
    end = DatePartsField(label=_("Last day"), required=False)

    @property
    def days(self):
        """First and last day, in order."""
        today = timezone.localdate()
        start = self.cleaned_data.get("start") or today.replace(year=today.year - (today.month < 4), month=4, day=1)
        return start, max(start, self.cleaned_data.get("end") or today)


# Thanks ------------------------------------------------------------------------------------------


class ThanksForm(Form):
    """Thank one person or several with the same words."""

    people = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("Whom do you thank?"), widget=forms.CheckboxSelectMultiple
    )
    kind = forms.ChoiceField(label=_("How?"), choices=Thanks.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What for?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=thanks.LONGEST,
        help_text=_("Everybody chosen reads these words."),
    )
    send = forms.BooleanField(label=_("Send it now, if it is a message or a letter"), required=False, initial=True)

    def __init__(self, *args, people, labels: dict[int, str], **kwargs):
        """`people` is the QuerySet of those who may be thanked here; `labels` says why, by number, for those shown."""
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
        self.fields["people"].choices = list(labels.items())


# Buddies -----------------------------------------------------------------------------------------


class GoalsForm(Form):
    goals = forms.CharField(
        label=_("What would you like help with?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=buddies.LONGEST
    )


class GroupRequestForm(Form):
    """A request for a practice's patient group."""

    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("Patient group"), empty_label=_("Choose a group"))
    goals = forms.CharField(
        label=_("What does the group need help with?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=buddies.LONGEST,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        areas = user.only_areas()
        groups = Forum.objects.live().filter(practice_group__isnull=False)
        self.fields["forum"].queryset = groups if areas is None else groups.filter(area__in=areas)


class MatchForm(Form):
    buddy = forms.ModelChoiceField(Person.objects.none(), label=_("Buddy"), empty_label=_("Choose a member"))

    def __init__(self, *args, user, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["buddy"].queryset = buddies.can_be_buddies(user).exclude(pk=request.person_id)


class OutcomeForm(Form):
    outcome = forms.CharField(label=_("What came of it?"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)
    on = DatePartsField(label=_("Last day"))
