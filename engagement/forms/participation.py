"""Forms about who took part, outreach and the balance of panels."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form
from engagement.models import Period
from people.models import EqualityOption, EqualityQuestion

FOUR_ROWS = {"rows": 4}
MOST_PEOPLE = 1_000_000


def _narrow() -> forms.TextInput:
    return forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-5"})


class OptionField(forms.ModelChoiceField):
    """An answer, with its question before it."""

    def label_from_instance(self, option):
        return f"{option.question} {option.label}"


class OptionsField(OptionField, forms.ModelMultipleChoiceField):
    """Several of them."""


class TotalsForm(Form):
    """How many people gave each answer to one question, as somebody counted them."""

    on = DatePartsField(label=_("Day"), help_text=_("The day of the meeting, or the day up to which the sheet counts."))
    source = forms.CharField(
        label=_("Counted from"), help_text=_("For example “Sign-in sheet, Harlow library”."), max_length=120
    )

    def __init__(self, *args, question: EqualityQuestion, **kwargs):
        self.question = question
        super().__init__(*args, **kwargs)

    def name_fields(self):
        """A box for each answer, before the messages are made from the labels."""
        for option in self.question.options.all():
            self.fields[f"people-{option.code}"] = forms.IntegerField(
                label=option.label, min_value=0, max_value=MOST_PEOPLE, required=False, widget=_narrow()
            )

    @property
    def numbers(self) -> dict[str, int]:
        """People by the code of the answer: those that were counted. An empty box is not 0."""
        return {
            name.removeprefix("people-"): number
            for name, number in self.cleaned_data.items()
            if name.startswith("people-") and number is not None
        }


class OutreachForm(Form):
    """What is done to hear from a group that is missing."""

    option = OptionField(EqualityOption.objects.none(), label=_("Who is missing"))
    what = forms.CharField(
        label=_("What is done"),
        help_text=_("For example “Stall at the college”."),
        widget=forms.Textarea(attrs=FOUR_ROWS),
    )
    owner = forms.CharField(label=_("Who sees to it"), help_text=_("A post, not a name."), max_length=120)
    due_on = DatePartsField(label=_("By when"))

    def __init__(self, *args, options, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["option"].queryset = options


class OutreachDoneForm(Form):
    result = forms.CharField(label=_("What came of it"), widget=forms.Textarea(attrs=FOUR_ROWS))
    done_on = DatePartsField(label=_("Done on"), initial=timezone.localdate)


class PeriodFilter(FilterForm):
    period = forms.ModelChoiceField(Period.objects.none(), label=_("Period"), required=False, empty_label=None)

    def offer(self, *, periods):
        self.fields["period"].queryset = periods


class PanelFilter(FilterForm):
    """For how many members to plan, and whom to look for."""

    size = forms.IntegerField(
        label=_("Members to plan for"),
        help_text=_("Leave it empty to plan for those who have told us about themselves."),
        min_value=1,
        max_value=MOST_PEOPLE,
        required=False,
        widget=_narrow(),
    )
    group = OptionsField(
        EqualityOption.objects.none(),
        label=_("Groups to look for"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    share = forms.IntegerField(
        label=_("Share of the panel that each group should have (%)"),
        help_text=_("Leave it empty to take the share of residents."),
        min_value=1,
        max_value=100,
        required=False,
        widget=_narrow(),
    )

    def offer(self):
        options = EqualityOption.objects.exclude(code=EqualityOption.PREFER_NOT_TO_SAY).select_related("question")
        self.fields["group"].queryset = options.order_by("question__order", "question__code", "order")
