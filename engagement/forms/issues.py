"""Forms about issues that somebody raised: never with a name."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import IssueRaised, Topic
from people.models import Organisation

NO_NAMES = _("Do not write anybody’s name or anything that shows who they are.")


class IssueForm(ModelForm):
    raised_on = DatePartsField(label=_("Day on which it was raised"), initial=timezone.localdate)

    class Meta:
        model = IssueRaised
        fields = ["summary", "raised_on", "route", "topic", "group", "organisation"]
        widgets = {"summary": forms.Textarea(attrs={"rows": 4})}
        labels = {
            "summary": _("What was raised"),
            "route": _("How it reached you"),
            "topic": _("Topic"),
            "group": _("Group affected"),
            "organisation": _("Who has to act"),
        }
        help_texts = {"summary": NO_NAMES, "route": _("For example “at a meeting” or “by e-mail”.")}


class IssueFilter(FilterForm):
    """Which issues a list shows. Without a state it shows all, the open ones first."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ("", _("All")),
            ("open", _("Open")),
            ("late", _("Open for more than 30 days")),
            ("closed", _("Closed")),
            ("untold", _("Closed, person not told")),
        ],
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Who has to act"), required=False, empty_label=_("All")
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))

    def offer(self, *, issues):
        self.fields["organisation"].queryset = Organisation.objects.filter(pk__in=issues.values("organisation"))
        self.fields["topic"].queryset = Topic.objects.filter(pk__in=issues.values("topic"))

    def narrow(self, issues):
        """The issues that the answers leave."""
        chosen = self.cleaned_data
        for name in ("organisation", "topic"):
            if chosen.get(name):
                issues = issues.filter(**{name: chosen[name]})
        match chosen.get("state"):
            case "open":
                return issues.open()
            case "late":
                return issues.overdue()
            case "closed":
                return issues.filter(closed_on__isnull=False)
            case "untold":
                return issues.untold()
        return issues


class AssignForm(Form):
    organisation = forms.ModelChoiceField(Organisation.objects.all(), label=_("Who has to act"))


class IssueAnswerForm(Form):
    answer = forms.CharField(
        label=_("Answer"), help_text=NO_NAMES, widget=forms.Textarea(attrs={"rows": 6}), max_length=4000
    )


class ActedForm(Form):
    acted_on = DatePartsField(label=_("Day on which it was done"), initial=timezone.localdate)


class ToldForm(Form):
    person_told_on = DatePartsField(label=_("Day on which the person was told"), initial=timezone.localdate)
