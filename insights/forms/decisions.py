"""Forms about decisions and what they weighed."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import Activity, Project
from forums.models import Forum, Meeting
from insights.models import Decision, Finding, Source, Weighed

NEWEST_MEETINGS = 200


class DecisionForm(ModelForm):
    """A decision; of which project is asked only when it is recorded."""

    decided_on = DatePartsField(label=_("Day of the decision"))

    class Meta:
        model = Decision
        fields = [
            *("title", "project", "activities", "body", "decided_on", "meeting", "paper", "minute"),
            *("options", "decided", "because", "without_insight_because"),
        ]
        widgets = {
            name: forms.Textarea(attrs={"rows": 4})
            for name in ("options", "decided", "because", "without_insight_because")
        } | {"activities": forms.CheckboxSelectMultiple}
        labels = {
            "title": _("What was decided on"),
            "project": _("Project"),
            "activities": _("Activities that it follows from"),
            "body": _("Who decided"),
            "meeting": _("Meeting"),
            "paper": _("Reference of the paper"),
            "minute": _("Reference of the minute"),
            "options": _("Options"),
            "decided": _("What was decided"),
            "because": _("Why"),
            "without_insight_because": _("Why nothing that people said was weighed"),
        }
        help_texts = {
            "body": _("A board or a committee."),
            "paper": _("Give the paper or the minute, so that it can be found."),
            "options": _("What could have been decided, one on a line."),
            "because": _("Money and other limits too. Everybody may read it later: no names."),
            "without_insight_because": _("Leave it empty where a finding or a library item was weighed."),
        }

    def __init__(self, *args, user, project=None, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Project.objects.for_user(user)
        if not user.has_perm("engagement.change_any_project"):
            mine = mine.filter(lead=user)
            self.fields["project"].required = True
        self.fields["project"].queryset = mine.order_by("reference")
        self.fields["body"].queryset = Forum.objects.filter(kind__is_committee=True).order_by("name")
        meetings = Meeting.objects.filter(Q(forum__kind__is_committee=True) | Q(joint_with__kind__is_committee=True))
        newest = meetings.order_by("-starts_at").values("pk")[:NEWEST_MEETINGS]
        held = Q(pk__in=[row.pk for row in Meeting.objects.filter(pk__in=newest)]) | Q(pk=self.instance.meeting_id)
        self.fields["meeting"].queryset = Meeting.objects.filter(held).order_by("-starts_at")
        project = self.instance.project or project
        activities = Activity.objects.for_user(user)
        if project is not None:
            activities = activities.filter(Q(project=project) | Q(decisions=self.instance.pk)).distinct()
        else:
            activities = activities.filter(Q(project=None) | Q(decisions=self.instance.pk)).distinct()
        self.fields["activities"].queryset = activities.order_by("reference")
        if self.instance.pk:
            del self.fields["project"]


class DecisionFilter(FilterForm):
    """Which decisions a list shows."""

    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False, empty_label=_("All"))
    body = forms.ModelChoiceField(Forum.objects.none(), label=_("Who decided"), required=False, empty_label=_("All"))
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[
            ("", _("All")),
            ("silent", _("Says nothing of what people said")),
            ("public", _("Published")),
            ("not_public", _("Not published")),
        ],
    )

    def offer(self, *, decisions):
        self.fields["project"].queryset = Project.objects.filter(pk__in=decisions.values("project"))
        self.fields["body"].queryset = Forum.objects.filter(pk__in=decisions.values("body")).order_by("name")

    def narrow(self, decisions):
        """The decisions that the answers leave."""
        chosen = self.cleaned_data
        for name in ("project", "body"):
            if chosen.get(name):
                decisions = decisions.filter(**{name: chosen[name]})
        match chosen.get("show"):
            case "silent":
                return decisions.exclude(pk__in=Decision.objects.accounting().values("pk"))
            case "public":
                return decisions.public()
            case "not_public":
                return decisions.filter(published_at=None)
        return decisions


class WeighForm(Form):
    """What the decision made of one finding or one library item."""

    finding = forms.ModelChoiceField(Finding.objects.none(), label=_("Finding"), required=False)
    source = forms.ModelChoiceField(Source.objects.none(), label=_("Or library item"), required=False)
    effect = forms.ChoiceField(label=_("What was made of it"), choices=Weighed.Effect.choices, widget=forms.RadioSelect)
    because = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=2000,
        help_text=_("Needed where it was not adopted in full. Everybody may read it later: no names."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["finding"].queryset = Finding.objects.for_user(user).agreed()
        self.fields["source"].queryset = Source.objects.for_user(user).in_use().order_by("title")
