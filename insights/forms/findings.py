"""Forms about findings and what they rest on."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import Activity, Topic
from insights.models import Coding, Collection, Finding, Quote, Source, Theme
from people.models import PopulationGroup

NO_NAMES = _("Do not write anybody’s name or anything that shows who they are.")


class FindingForm(ModelForm):
    review_by = DatePartsField(
        label=_("Look again by"),
        required=False,
        help_text=_("Leave it empty for the time that your policy sets."),
    )

    class Meta:
        model = Finding
        fields = ["statement", "confidence", "confidence_because", "topics", "groups", "areas", "review_by"]
        widgets = {
            "statement": forms.Textarea(attrs={"rows": 3}),
            "confidence_because": forms.Textarea(attrs={"rows": 3}),
            "topics": forms.CheckboxSelectMultiple,
            "groups": forms.CheckboxSelectMultiple,
            "areas": forms.CheckboxSelectMultiple,
        }
        labels = {
            "statement": _("What was learnt"),
            "confidence": _("How sure we are"),
            "confidence_because": _("Why so sure, or not"),
            "topics": _("Topics"),
            "groups": _("Groups that it is about"),
            "areas": _("Places that it is about"),
        }
        help_texts = {
            "statement": _("One sentence that says one thing. Everybody may read it later: no names."),
            "confidence_because": _("For example how many sources say the same, and how good they are."),
        }


class FindingFilter(FilterForm):
    """Which findings a list shows. Without an answer it shows all, the newest first."""

    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            ("draft", _("Drafts")),
            ("agreed", _("Agreed")),
            ("public", _("Published")),
            ("weakened", _("Evidence fell away")),
            ("review", _("To look at again")),
            ("unused", _("Never used")),
            ("retired", _("Out of date")),
        ],
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))
    group = forms.ModelChoiceField(
        PopulationGroup.objects.none(), label=_("Group"), required=False, empty_label=_("All")
    )

    def offer(self, *, findings):
        self.fields["topic"].queryset = Topic.objects.filter(findings__in=findings.values("pk")).distinct()
        self.fields["group"].queryset = PopulationGroup.objects.filter(findings__in=findings.values("pk")).distinct()

    def narrow(self, findings):
        """The findings that the answers leave."""
        chosen = self.cleaned_data
        for name, field in (("topic", "topics"), ("group", "groups")):
            if chosen.get(name):
                findings = findings.filter(**{field: chosen[name]})
        match chosen.get("show"):
            case "draft" | "agreed" | "retired" as state:
                return findings.filter(state=state)
            case "public":
                return findings.public()
            case "weakened":
                return findings.filter(pk__in=findings.model.objects.weakened().values("pk"))
            case "review":
                return findings.to_review()
            case "unused":
                return findings.never_used()
        return findings


class PublicFindingFilter(FilterForm):
    """Which published findings anybody sees."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))

    def offer(self, *, findings):
        self.fields["topic"].queryset = Topic.objects.filter(findings__in=findings.values("pk")).distinct()

    def narrow(self, findings):
        topic = self.cleaned_data.get("topic")
        return findings.filter(topics=topic) if topic else findings


class EvidenceForm(Form):
    """One thing that a finding rests on; of a theme, in which collection it was counted."""

    theme = forms.ModelChoiceField(
        Theme.objects.none(), label=_("Theme"), required=False, help_text=_("Choose the collection of comments too.")
    )
    collection = forms.ModelChoiceField(Collection.objects.none(), label=_("Comments"), required=False)
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Library item"), required=False)
    activity = forms.ModelChoiceField(Activity.objects.none(), label=_("Activity"), required=False)
    quote = forms.ModelChoiceField(Quote.objects.none(), label=_("Quote"), required=False)
    note = forms.CharField(
        label=_("What it shows"),
        required=False,
        max_length=1000,
        help_text=NO_NAMES,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        collections = Collection.objects.for_user(user)
        counted = Coding.objects.counted().values("theme")
        self.fields["theme"].queryset = Theme.objects.counted().filter(pk__in=counted).select_related("frame")
        self.fields["collection"].queryset = collections
        self.fields["source"].queryset = Source.objects.for_user(user).in_use().order_by("title")
        self.fields["activity"].queryset = Activity.objects.for_user(user).order_by("reference")
        quotes = Quote.objects.usable().filter(comment__collection__in=collections.values("pk"))
        self.fields["quote"].queryset = quotes


class RetireForm(Form):
    because = forms.CharField(label=_("Why it is out of date"), max_length=300)


class LookAgainForm(Form):
    review_by = DatePartsField(label=_("Look again by"))
