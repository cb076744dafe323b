"""Forms about items of the library: what it says, how good it is, its files, its story; the boxes above its list."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import Activity, Topic
from forums.models import Forum
from insights.documents.quality import RUBRIC
from insights.forms.responses import Part
from insights.models import QualityRating, Source, SourceFile, SourceKind, Story
from people.models import Area, Organisation, Person, PopulationGroup

NO_NAMES = _("Do not write anybody’s name or anything that shows who they are.")


class SourceForm(ModelForm):
    """An item of the library. All but the title, the summary, the kind and the layer may wait."""

    parts_of_it = (
        (_("What it says"), ("title", "kind", "layer", "summary", "key_finding")),
        (_("Where it comes from"), ("organisation", "methods", "collected_from", "collected_to", "activities")),
        (_("Who is behind it"), ("people", "people_note", "areas", "groups", "topics")),
        (_("Where it lies"), ("is_pointer", "link", "held_by", "refresh_on", "datasets")),
        (_("Who may read it"), ("scope", "embargo_until", "licence")),
        (_("How long it holds"), ("review_by", "keep_until", "dpia_reference")),
    )
    collected_from = DatePartsField(label=_("Collected from"), required=False)
    collected_to = DatePartsField(label=_("Collected to"), required=False)
    link = forms.URLField(label=_("Address"), required=False, max_length=200, assume_scheme="https")
    refresh_on = DatePartsField(label=_("Look for a newer one on"), required=False)
    embargo_until = DatePartsField(
        label=_("Not before"), required=False, help_text=_("Others than staff read it from this day.")
    )
    review_by = DatePartsField(
        label=_("Look again by"), required=False, help_text=_("Leave it empty for the day that the policy sets.")
    )
    keep_until = DatePartsField(
        label=_("Keep until"), required=False, help_text=_("After this day it is listed for you to delete.")
    )

    class Meta:
        model = Source
        fields = [
            *("title", "kind", "layer", "summary", "key_finding", "organisation", "methods", "collected_from"),
            *("collected_to", "activities", "people", "people_note", "areas", "groups", "topics", "is_pointer", "link"),
            *("held_by", "refresh_on", "datasets", "scope", "embargo_until", "licence", "review_by", "keep_until"),
            "dpia_reference",
        ]
        widgets = {
            "layer": forms.RadioSelect,
            "scope": forms.RadioSelect,
            "summary": forms.Textarea(attrs={"rows": 6}),
            "key_finding": forms.Textarea(attrs={"rows": 3}),
            "groups": forms.CheckboxSelectMultiple,
        }
        labels = {
            "title": _("Title"),
            "kind": _("Kind"),
            "layer": _("What it is"),
            "summary": _("Summary"),
            "key_finding": _("Most important finding"),
            "organisation": _("Comes from"),
            "methods": _("Methods"),
            "activities": _("Activities it comes from"),
            "people": _("People behind it"),
            "people_note": _("About the number"),
            "areas": _("Places"),
            "groups": _("Groups heard"),
            "topics": _("Topics"),
            "is_pointer": _("It lies elsewhere, and nothing is copied here"),
            "held_by": _("Who has it, and who may see it"),
            "datasets": _("Raw data that it rests on"),
            "scope": _("May be read by"),
            "licence": _("Licence"),
            "dpia_reference": _("Data protection assessment"),
        }
        help_texts = {
            "summary": NO_NAMES,
            "people": _("As it is known: 138, around 60, over 700. Leave it empty when it is not known."),
            "people_note": _("Say whether the same people may be counted in another item too."),
            "licence": _("For example “Open Government Licence 3.0”."),
            "layer": _("Raw data are for staff alone. A report of findings can be published."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        areas = user.only_areas()
        held = self.instance.areas.all() if self.instance.pk else Area.objects.none()
        if areas is not None:
            mine = Q(pk__in=areas) | Q(parent__in=areas) | Q(pk__in=held.values("pk"))
            self.fields["areas"].queryset = Area.objects.filter(mine)
        self.fields["activities"].queryset = Activity.objects.for_user(user).order_by("reference")
        raw = Source.objects.for_user(user).in_use().filter(layer=Source.Layer.RAW)
        self.fields["datasets"].queryset = raw.exclude(pk=self.instance.pk).order_by("title")
        if not user.has_perm("insights.read_raw_data"):
            del self.fields["datasets"]

    @property
    def parts(self) -> list[Part]:
        return [Part(self, title, names) for title, names in self.parts_of_it]


class SourceFilter(FilterForm):
    """Which items the list of staff shows. Without an answer: what is in use."""

    SHOWN = [
        ("", _("In use")),
        ("review", _("To look at again")),
        ("unused", _("Never used")),
        ("held", _("With a file in quarantine")),
        ("consent", _("Stories whose consent is over")),
        ("keep", _("Past the last day to keep it")),
        ("retired", _("Out of date")),
    ]
    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    show = forms.ChoiceField(label=_("Show"), required=False, choices=SHOWN)
    layer = forms.ChoiceField(label=_("What it is"), required=False, choices=[("", _("All")), *Source.Layer.choices])
    scope = forms.ChoiceField(
        label=_("May be read by"), required=False, choices=[("", _("All")), *Source.Scope.choices]
    )
    kind = forms.ModelChoiceField(SourceKind.objects.all(), label=_("Kind"), required=False, empty_label=_("All"))
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))
    place = forms.ModelChoiceField(Area.objects.none(), label=_("Place"), required=False, empty_label=_("All"))
    group = forms.ModelChoiceField(
        PopulationGroup.objects.none(), label=_("Group"), required=False, empty_label=_("All")
    )
    age = forms.ChoiceField(
        label=_("Age"),
        required=False,
        choices=[
            ("", _("Any")),
            ("12", _("Collected in the last 12 months")),
            ("18", _("Collected in the last 18 months")),
            ("before", _("Collected before the pandemic")),
            ("unknown", _("No day recorded")),
        ],
    )

    def offer(self, *, sources):
        self.fields["topic"].queryset = Topic.objects.filter(pk__in=sources.values("topics"))
        self.fields["place"].queryset = Area.objects.filter(pk__in=sources.values("areas"))
        self.fields["group"].queryset = PopulationGroup.objects.filter(pk__in=sources.values("groups"))


class RatingForm(Form):
    """Five questions; each answer is a sentence of the rubric, so that two people give the same number."""

    because = forms.CharField(
        label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000, help_text=_("For your colleagues.")
    )
    field_order = [*QualityRating.QUESTIONS, "because"]

    def __init__(self, *args, most_recency: int, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (question, meanings) in RUBRIC.items():
            choices = [(number, f"{number}: {words}") for number, words in enumerate(meanings)]
            self.fields[name] = forms.TypedChoiceField(
                label=question,
                choices=choices[: most_recency + 1] if name == "recency" else choices,
                coerce=int,
                widget=forms.RadioSelect,
                error_messages={"required": gettext("Select an answer to “%(question)s”") % {"question": question}},
            )
        if most_recency < len(meanings) - 1:
            self.fields["recency"].help_text = gettext("It is too old for the better answers, or has no day.")
        self.order_fields(self.field_order)


class SourceFileForm(ModelForm):
    class Meta:
        model = SourceFile
        fields = ["title", "file", "file_format", "language"]
        labels = {"title": _("Title"), "file": _("File"), "file_format": _("Format"), "language": _("Language")}
        help_texts = {
            "file": _("We look for personal data in it. A file we cannot read waits until somebody has looked."),
        }


class BecauseForm(Form):
    because = forms.CharField(label=_("Why?"), max_length=300)


class StoryForm(ModelForm):
    """What a person agreed to. Who it is stays with the staff who keep stories."""

    who = forms.CharField(
        label=_("Told by: e-mail address or full name"),
        max_length=300,
        required=False,
        help_text=_("As on the register of people. Leave it empty when the person is not on it."),
    )
    consent_on = DatePartsField(label=_("Consent given on"))
    consent_until = DatePartsField(label=_("Consent ends on"))

    class Meta:
        model = Story
        fields = ["service", "medium", "named", "consent_on", "consent_covers", "consent_until"]
        field_order = ["who", *fields]
        widgets = {
            "medium": forms.RadioSelect,
            "named": forms.RadioSelect,
            "consent_covers": forms.Textarea(attrs={"rows": 4}),
        }
        labels = {
            "service": _("Service it is about"),
            "medium": _("How it is told"),
            "named": _("How the person is shown"),
            "consent_covers": _("What the person agreed to"),
        }
        help_texts = {"consent_covers": _("Where it may be shown, to whom, and what it may be used for.")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.person = user, self.instance.person
        if self.person is not None:
            self.fields["who"].initial = self.person.email or self.person.name

    def clean_who(self) -> str:
        """Finds the one person meant, and keeps them as `person`."""
        who = " ".join(self.cleaned_data["who"].split())
        if who == self.fields["who"].initial:
            return who
        field = "email__iexact" if "@" in who else "name__iexact"
        found = list(Person.objects.known().for_user(self.user).filter(**{field: who})[:2]) if who else []
        if who and not found:
            raise ValidationError(gettext("Nobody on the register has this name or address. Add the person first"))
        if len(found) > 1:
            raise ValidationError(gettext("Several people fit. Enter the e-mail address or full name of one"))
        self.person = found[0] if found else None
        return who

    @property
    def values(self) -> dict:
        """What the service takes."""
        return {name: self.cleaned_data[name] for name in self._meta.fields} | {"person": self.person}


class WithdrawnForm(Form):
    withdrawn_on = DatePartsField(label=_("Day on which consent was taken back"), initial=timezone.localdate)


class HearingForm(Form):
    forum = forms.ModelChoiceField(Forum.objects.all(), label=_("Heard by"))
    heard_on = DatePartsField(label=_("Heard on"), initial=timezone.localdate)
    learnt = forms.CharField(
        label=_("What was learnt"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )
    action = forms.CharField(
        label=_("What is done about it"), required=False, widget=forms.Textarea(attrs={"rows": 4}), max_length=4000
    )


class RemarkDoneForm(Form):
    what_was_done = forms.CharField(label=_("What was done about it?"), max_length=300)


class ContributionFilter(FilterForm):
    """Which contributions the queue shows: first of all those that wait."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("Waiting")), ("in_use", _("Taken in")), ("returned", _("Not taken in"))],
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Sent in by"), required=False, empty_label=_("All")
    )

    def offer(self, *, sources):
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=sources.values("organisation"))

    def narrow(self, sources):
        chosen = self.cleaned_data
        if chosen.get("organisation"):
            sources = sources.filter(organisation=chosen["organisation"])
        return sources.filter(state=chosen.get("state") or Source.State.OFFERED)
