"""Forms of the loop back: who took part, slips with codes, and “Did we hear you right?”."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm, Form
from engagement.models import Activity, Period
from engagement.services.representatives import find_person
from insights.models import Contributor, Response, Slips, Verdict
from insights.services import receipts
from insights.services.verdicts import LONGEST

FOUR_ROWS = {"rows": 4}


class ContributorForm(Form):
    """Somebody who took part. Nobody is listed: the name or the address is typed as the register has it."""

    person = forms.CharField(label=_("Name or e-mail address"), help_text=_("As the register has it."), max_length=300)
    how = forms.ChoiceField(label=_("How they took part"), choices=Contributor.How.choices, widget=forms.RadioSelect)
    wants_no_news = forms.BooleanField(label=_("Does not want to be told what came of it"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_person(self):
        return find_person(self.cleaned_data["person"], self.user)


class SlipsForm(Form):
    seed = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    number = forms.IntegerField(
        label=_("How many slips"),
        help_text=_("Eight fit on a page."),
        min_value=1,
        max_value=Slips.MOST,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "nhsuk-input--width-4"}),
    )


class VerdictForm(Form):
    """Yes, in part or no, and in their own words."""

    right = forms.ChoiceField(
        label=_("Did we hear you right?"), choices=Verdict.Right.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("In your words"),
        help_text=_("What did we miss or get wrong? Do not write names or anything that shows who you are."),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs=FOUR_ROWS),
    )


class EnterVerdictForm(VerdictForm):
    """What somebody wrote in a letter or said by telephone: of whom we know who they are, or who has a code."""

    person = forms.CharField(
        label=_("Name or e-mail address of somebody on the list"),
        help_text=_("As the register has it."),
        max_length=300,
        required=False,
    )
    code = forms.CharField(
        label=_("Or the code on their slip or receipt"),
        help_text=_("Eight letters, like BCDF GHJK."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "nhsuk-input--width-10"}),
    )
    field_order = ["person", "code", "right", "words"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def name_fields(self):
        self.fields["right"].label = _("Did we hear them right?")
        self.fields["words"].label = _("In their words")
        self.fields["words"].help_text = _("Do not write names or anything that shows who they are.")

    def clean_person(self):
        return find_person(self.cleaned_data["person"], self.user) if self.cleaned_data["person"] else None

    def clean_code(self):
        code = self.cleaned_data["code"]
        holder = receipts.find(code) if code else None
        if code and holder is None:
            raise ValidationError(_("We do not know this code. Check each letter"))
        return holder

    def clean(self):
        values = super().clean()
        if not self.errors and bool(values.get("person")) == bool(values.get("code")):
            raise ValidationError({"person": _("Enter either a name or a code, so that everybody is counted once")})
        return values


class DealForm(Form):
    what_was_done = forms.CharField(label=_("What was done about it"), widget=forms.Textarea(attrs=FOUR_ROWS))
    reopens = forms.BooleanField(
        label=_("Open the answer again"),
        help_text=_("Its status becomes “under way”, and its public history says why."),
        required=False,
    )

    def __init__(self, *args, may_reopen: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_reopen:
            del self.fields["reopens"]


class VerdictFilter(FilterForm):
    """Which verdicts a list shows, and its figures count."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("waiting", _("Disagreement to deal with")), ("dealt", _("Dealt with"))],
    )
    right = forms.ChoiceField(label=_("Heard right?"), required=False, choices=[("", _("All")), *Verdict.Right.choices])
    activity = forms.ModelChoiceField(
        Activity.objects.none(), label=_("Activity"), required=False, empty_label=_("All")
    )
    answer = forms.ModelChoiceField(Response.objects.none(), label=_("Answer"), required=False, empty_label=_("All"))
    period = forms.ModelChoiceField(Period.objects.all(), label=_("Period"), required=False, empty_label=_("All"))

    def offer(self, *, verdicts):
        answers = Response.objects.filter(pk__in=verdicts.values("response")).select_related("topic")
        self.fields["answer"].queryset = answers.order_by("reference")
        self.fields["activity"].queryset = Activity.objects.filter(pk__in=answers.values("activity"))

    def narrow(self, verdicts):
        """The verdicts that the boxes leave."""
        chosen = self.cleaned_data
        verdicts = verdicts.filter(response__in=self.answers(Response.objects.all()).order_by().values("pk"))
        if chosen.get("right"):
            verdicts = verdicts.filter(right=chosen["right"])
        match chosen.get("state"):
            case "waiting":
                return verdicts.filter(dealt_with_at=None).exclude(right=Verdict.Right.YES)
            case "dealt":
                return verdicts.filter(dealt_with_at__isnull=False)
        return verdicts

    def answers(self, answers):
        """The answers that the boxes leave, whether or not anybody said anything of them."""
        chosen = self.cleaned_data
        if chosen.get("answer"):
            answers = answers.filter(pk=chosen["answer"].pk)
        if chosen.get("activity"):
            answers = answers.to(chosen["activity"].pk)
        return answers.in_period(chosen["period"]) if chosen.get("period") else answers
