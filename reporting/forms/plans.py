"""Forms about strategies and plans: whatever everybody may read later, without names."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.forms.activity import PrinciplesField
from engagement.models import Activity, Period, Principle, Project
from engagement.services.framework import principles_between
from forums.models import Forum
from reporting.models import BudgetLine, Milestone, Phase, Plan, PlanReview, Priority, Risk

A_POST = _("A post, not a name.")
ANY_DAY = _("For a month, any day in it.")
NO_NAMES = _("Everybody may read it later: no names.")


def long_text(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def day(label, help_text="", **words) -> DatePartsField:
    return DatePartsField(label=label, help_text=help_text, required=False, **words)


class ReferencesField(forms.CharField):
    """Activities by their references. There may be thousands, so no list is offered.

    Those that the user may not see are neither shown nor taken away.
    """

    widget = forms.Textarea(attrs={"rows": 2})

    def __init__(self, **words):
        super().__init__(
            required=False,
            max_length=2000,
            help_text=_("Their references, with a comma between, for example A-012, A-031."),
            **words,
        )
        self.seen, self.unseen = Activity.objects.none(), []

    def offer(self, user, linked) -> None:
        """Say who asks, and what is linked now."""
        self.seen = Activity.objects.for_user(user)
        seen = set(self.seen.filter(pk__in=[row.pk for row in linked]).values_list("pk", flat=True))
        self.unseen = [row for row in linked if row.pk not in seen]

    def prepare_value(self, value):
        if isinstance(value, list):
            hidden = {row.pk for row in self.unseen}
            return ", ".join(row.reference for row in value if row.pk not in hidden)
        return value

    def clean(self, value):
        typed = [word.strip() for word in re.split(r"[,;\n]", super().clean(value)) if word.strip()]
        asked = {*typed, *(word.upper() for word in typed)}
        found = {row.reference.upper(): row for row in self.seen.filter(reference__in=asked)}
        if unknown := [word for word in typed if word.upper() not in found]:
            words = {"references": ", ".join(unknown[:5])}
            raise ValidationError(_("There is no activity %(references)s. Check the reference"), "unknown", words)
        return [*found.values(), *self.unseen]


class PartForm(ModelForm):
    """A row of a plan. `plan` is the one that it belongs to, `user` who fills the form in."""

    def __init__(self, *args, plan, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        for field, name in (
            (self.fields[name], name) for name in ("activities", "developed_in") if name in self.fields
        ):
            field.offer(user, list(getattr(self.instance, name).all()) if self.instance.pk else [])
        if "priority" in self.fields:
            self.fields["priority"].queryset = plan.priorities.order_by("number")
        self.offer(user)

    def offer(self, user) -> None:
        """Set what else depends on the plan or on the user."""


# Plans -------------------------------------------------------------------------------------------


class PlanFilter(FilterForm):
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("All")), *Plan.Kind.choices])
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("public", _("Published")), ("not_public", _("Not published"))],
    )

    def narrow(self, plans):
        """The plans that the answers leave."""
        if kind := self.cleaned_data.get("kind"):
            plans = plans.filter(kind=kind)
        match self.cleaned_data.get("show"):
            case "public":
                return plans.public()
            case "not_public":
                return plans.filter(published_at=None)
        return plans


class ActionOfPlanField(forms.ModelChoiceField):
    def label_from_instance(self, row):
        return f"{row.plan}: {row}"


class PlanForm(PartForm):
    starts_on, ends_on = day(_("From")), day(_("To"), _("Leave it empty where it has no end."))
    agreed_on = day(_("Agreed on"))
    next_review_on = day(_("Looked at again by"))
    delivers = ActionOfPlanField(
        Priority.objects.none(),
        label=_("Priority action that it delivers"),
        required=False,
        help_text=_("Only for the plan of one priority action."),
    )
    developed_in = ReferencesField(label=_("Activities in which it was developed"))

    class Meta:
        model = Plan
        fields = [
            *("title", "kind", "delivers", "summary", "starts_on", "ends_on", "executive_lead", "nonexecutive_lead"),
            *("agreed_by", "agreed_on", "next_review_on", "developed_in"),
        ]
        widgets = {"kind": forms.RadioSelect, "summary": long_text(5)}
        labels = {
            "title": _("Title"),
            "kind": _("Kind"),
            "summary": _("What it says, in plain words"),
            "executive_lead": _("Executive lead"),
            "nonexecutive_lead": _("Non-executive lead"),
            "agreed_by": _("Agreed by"),
        }
        help_texts = {
            "summary": _("Needed before it is published. Everybody may read it then: no names."),
            "executive_lead": A_POST,
            "nonexecutive_lead": A_POST,
            "agreed_by": _("A board, a committee or a forum."),
        }

    def offer(self, user):
        free = Q(own_plan=None) | Q(own_plan=self.instance.pk) if self.instance.pk else Q(own_plan=None)
        rows = Priority.objects.filter(free, plan__kind=Plan.Kind.STRATEGY).exclude(plan=self.instance.pk)
        self.fields["delivers"].queryset = rows.select_related("plan")
        self.fields["agreed_by"].queryset = Forum.objects.order_by("name")


class PriorityForm(PartForm):
    starts_on, ends_on = day(_("From"), ANY_DAY), day(_("To"), _("Leave it empty where it has no end."))
    done_on = day(_("Done on"), _("Leave it empty until it is done."))
    activities = ReferencesField(label=_("Activities that serve it"))
    principles = PrinciplesField(
        Principle.objects.none(), label=_("Principles that it puts into practice"), required=False
    )

    class Meta:
        model = Priority
        fields = [
            *("number", "text", "outcome", "leads", "lead_note", "owner", "precision", "starts_on", "ends_on"),
            *("date_note", "principles", "activities", "done_on", "evidence"),
        ]
        widgets = {
            "text": long_text(),
            "outcome": long_text(),
            "evidence": long_text(),
            "leads": forms.CheckboxSelectMultiple,
            "precision": forms.RadioSelect,
        }
        labels = {
            "number": _("Number"),
            "text": _("Priority action"),
            "outcome": _("What will be different"),
            "leads": _("Organisations that lead it"),
            "lead_note": _("Who leads it, in words"),
            "owner": _("Who sees to it"),
            "precision": _("What the dates name"),
            "date_note": _("What the plan says of the time"),
            "evidence": _("What shows that it is done"),
        }
        help_texts = {
            "text": NO_NAMES,
            "outcome": NO_NAMES,
            "owner": A_POST,
            "date_note": _("For example “ongoing”, or “to suit the project”."),
            "evidence": _("Needed when it is done."),
        }

    def offer(self, user):
        offered = principles_between(self.plan.starts_on, self.plan.ends_on).values("pk")
        chosen = self.instance.principles.values("pk") if self.instance.pk else offered
        self.fields["principles"].queryset = Principle.objects.filter(
            Q(pk__in=offered) | Q(pk__in=chosen)
        ).select_related("principle_set")


# Milestones --------------------------------------------------------------------------------------

OPEN_STATUSES = [pair for pair in Milestone.Status.choices if pair[0] != Milestone.Status.DONE]


class MilestoneForm(PartForm):
    """A milestone. That it is done is said in a form of its own; after that its day and what shows it are here."""

    done_on = DatePartsField(label=_("Day on which it was done"))
    due_on = day(_("Due"), ANY_DAY)
    forecast_on = day(_("Expected on"), _("Only where that is another day than it is due."))
    activities = ReferencesField(label=_("Activities that show it"))

    class Meta:
        model = Milestone
        fields = [
            *("text", "precision", "due_on", "status", "status_because", "forecast_on", "done_on", "evidence"),
            "activities",
        ]
        widgets = {
            "text": long_text(),
            "precision": forms.RadioSelect,
            "status": forms.RadioSelect,
            "status_because": long_text(2),
            "evidence": long_text(),
        }
        labels = {
            "text": _("Milestone"),
            "precision": _("What the dates name"),
            "status": _("Status"),
            "status_because": _("Why it is at risk"),
            "evidence": _("What shows it"),
        }
        help_texts = {"text": NO_NAMES, "status": _("That it is late is never typed: the day says it.")}

    def offer(self, user):
        is_done = self.instance.status == Milestone.Status.DONE
        self.fields["status"].choices = OPEN_STATUSES
        for name in ("status", "status_because", "forecast_on") if is_done else ("done_on", "evidence"):
            del self.fields[name]


class FinishForm(Form):
    done_on = DatePartsField(label=_("Day on which it was done"), initial=timezone.localdate)
    evidence = forms.CharField(
        label=_("What shows it"),
        help_text=_("For example a report and its web address. Everybody may read it later: no names."),
        widget=long_text(),
        max_length=4000,
    )


# Risks, money, phases, reviews -------------------------------------------------------------------


class RiskForm(PartForm):
    review_on = day(_("Looked at again on"))

    class Meta:
        model = Risk
        fields = ["text", "likelihood", "impact", "mitigation", "owner", "priority", "project", "review_on"]
        widgets = {"text": long_text(), "mitigation": long_text()}
        labels = {
            "text": _("What may happen"),
            "likelihood": _("How likely it is, from 1 to 5"),
            "impact": _("How bad it would be, from 1 to 5"),
            "mitigation": _("What is done about it"),
            "owner": _("Who sees to it"),
            "priority": _("Priority action"),
            "project": _("Project"),
        }
        help_texts = {"text": NO_NAMES, "mitigation": NO_NAMES, "owner": A_POST}

    def offer(self, user):
        mine = Q(pk__in=Project.objects.for_user(user).values("pk")) | Q(pk=self.instance.project_id)
        self.fields["project"].queryset = Project.objects.filter(mine).order_by("reference")


class CloseRiskForm(Form):
    closed_on = DatePartsField(label=_("Day on which it is closed"), initial=timezone.localdate)
    closed_because = forms.CharField(label=_("Why it is closed"), widget=long_text(), max_length=2000)


class BudgetForm(PartForm):
    class Meta:
        model = BudgetLine
        fields = ["year", "number", "text", "priority", "planned", "committed", "spent", "funding"]
        labels = {
            "year": _("Year"),
            "number": _("Number in the budget"),
            "text": _("What for"),
            "priority": _("Priority action"),
            "planned": _("Planned, in pounds"),
            "committed": _("Committed, in pounds"),
            "spent": _("Spent, in pounds"),
            "funding": _("Where the money comes from"),
        }
        help_texts = dict.fromkeys(("planned", "committed", "spent"), _("Leave it empty where it is not known."))

    def offer(self, user):
        self.fields["year"].queryset = Period.objects.years()


class PhaseForm(PartForm):
    starts_on = DatePartsField(label=_("From"))
    ends_on = day(_("To"), _("Leave it empty where it goes on."))

    class Meta:
        model = Phase
        fields = ["name", "starts_on", "ends_on", "aims"]
        widgets = {"aims": long_text()}
        labels = {"name": _("Name"), "aims": _("Aims")}


class ReviewForm(PartForm):
    held_on = DatePartsField(label=_("Held on"))

    class Meta:
        model = PlanReview
        fields = ["held_on", "contributors", "forums", "doing_well", "do_better", "best_outcomes", "changes"]
        widgets = {"forums": forms.CheckboxSelectMultiple} | {
            name: long_text() for name in ("contributors", "doing_well", "do_better", "best_outcomes", "changes")
        }
        labels = {
            "contributors": _("Who took part"),
            "forums": _("Forums"),
            "doing_well": _("What goes well"),
            "do_better": _("What could be better"),
            "best_outcomes": _("What has the best outcomes"),
            "changes": _("What changes because of it"),
        }

    def offer(self, user):
        self.fields["forums"].queryset = Forum.objects.order_by("name")
