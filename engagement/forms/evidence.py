"""Forms about evidence: claiming, proving, reviewing, and the filters of the list."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import FilterForm, Form
from engagement.forms.activity import PrincipleChoiceField
from engagement.models import Evidence, Impact, Period, Principle

SHOWN = {
    "waiting": _("waiting for review"),
    "returned": _("returned to me"),
    "all": _("all"),
}


class EvidenceFilter(FilterForm):
    show = forms.ChoiceField(
        label=_("Show"), required=False, choices=[("", SHOWN["waiting"]), *list(SHOWN.items())[1:]]
    )
    principle = PrincipleChoiceField(
        Principle.objects.none(), label=_("Principle"), required=False, empty_label=_("All principles")
    )
    strength = forms.ChoiceField(
        label=_("Strength"), required=False, choices=[("", _("All")), *Evidence.Strength.choices]
    )
    period = forms.ModelChoiceField(
        Period.objects.none(), label=_("Period"), required=False, empty_label=_("All periods"), to_field_name="code"
    )

    def offer(self, *, evidence):
        self.fields["principle"].queryset = Principle.objects.filter(
            pk__in=evidence.values("principle")
        ).select_related("principle_set")
        self.fields["period"].queryset = Period.objects.all()


class HowForm(Form):
    """In what way something supports a principle."""

    how = forms.CharField(
        label=_("How does it support the principle?"),
        help_text=_("A few sentences. Say what was done, and what it shows."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
    )


class ClaimForm(HowForm):
    field_order = ["principle"]

    principle = PrincipleChoiceField(Principle.objects.none(), label=_("Principle"))

    def __init__(self, *args, principles, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["principle"].queryset = principles.select_related("principle_set")


class ProofForm(Form):
    """A file or an address that proves a claim."""

    title = forms.CharField(label=_("Title"), help_text=_("For example “Minutes of 4 June 2026”."), max_length=200)
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("A document or a picture of at most 10 MB. Leave it empty if you write an address."),
    )
    link = forms.URLField(label=_("Address of a page"), required=False, assume_scheme="https", max_length=200)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return files.checked(upload, allowed=(*files.DOCUMENTS, *files.PICTURES)) if upload else None

    def clean(self):
        given = super().clean()
        if not self.errors and bool(given.get("file")) == bool(given.get("link")):
            raise ValidationError(_("Choose a file or write an address, one of the two"), code="one_of_two")
        return given


class ImpactField(forms.ModelChoiceField):
    def label_from_instance(self, impact):
        return f"{impact.activity.reference}: {impact}"


class ReviewForm(Form):
    """Accept a claim, with the outcome that it led to if there is one, or send it back with a reason."""

    decision = forms.ChoiceField(
        label=_("What do you decide?"),
        choices=[("accept", _("Accept it")), ("return", _("Send it back"))],
        widget=forms.RadioSelect,
    )
    impact = ImpactField(
        Impact.objects.none(),
        label=_("Outcome it led to"),
        required=False,
        empty_label=_("None, or not known yet"),
        help_text=_("Only if you accept it. Offered are changes whose record says how we know."),
    )
    because = forms.CharField(
        label=_("What is missing, or has to change?"),
        help_text=_("Only if you send it back."),
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
        max_length=2000,
    )

    def __init__(self, *args, impacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["impact"].queryset = impacts

    def clean(self):
        given = super().clean()
        if given.get("decision") == "return" and not given.get("because", "").strip():
            self.add_error("because", _("Say what is missing or has to change"))
        return given


class OutcomeForm(Form):
    """The outcome of a claim that was accepted before."""

    impact = ImpactField(
        Impact.objects.none(),
        label=_("Outcome it led to"),
        empty_label=_("Choose one"),
        help_text=_("Offered are changes whose record says how we know."),
    )

    def __init__(self, *args, impacts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["impact"].queryset = impacts
