"""Forms about projects: what is written about one, its steps, who represents patients on it, scrutiny."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import Project, Representative, ScrutinyContact
from engagement.services import representatives
from forums.models import Forum
from people.models import Area, Role, User

FOUR_ROWS = {"rows": 4}


def places_of(user):
    """The places that somebody works for, with those inside them."""
    areas = user.only_areas()
    return Area.objects.all() if areas is None else Area.objects.filter(Q(pk__in=areas) | Q(parent__in=areas))


class ProjectFilter(FilterForm):
    q = forms.CharField(label=_("Search"), help_text=_("Reference or title"), max_length=100, required=False)
    stage = forms.ChoiceField(label=_("Stage"), choices=[("", _("All stages")), *Project.Stage.choices], required=False)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Place"), empty_label=_("All places"), required=False)
    show = forms.ChoiceField(
        label=_("Show"),
        choices=[
            ("", _("All projects")),
            ("open", _("Open ones")),
            ("mine", _("Those that I lead")),
            ("ended", _("Closed or stopped ones")),
        ],
        required=False,
    )

    def offer(self, *, user):
        self.user = user
        self.fields["area"].queryset = places_of(user)

    def narrow(self, projects):
        chosen = self.cleaned_data
        if q := chosen.get("q"):
            projects = projects.filter(Q(reference__icontains=q) | Q(title__icontains=q))
        if stage := chosen.get("stage"):
            projects = projects.filter(stage=stage)
        if area := chosen.get("area"):
            projects = projects.filter(pk__in=Project.objects.filter(areas=area).values("pk"))
        match chosen.get("show"):
            case "open":
                return projects.open()
            case "mine":
                return projects.filter(lead=self.user)
            case "ended":
                return projects.exclude(closed_on=None, stopped_on=None)
        return projects


class ForwardPlanFilter(FilterForm):
    board = forms.ModelChoiceField(
        Forum.objects.none(), label=_("Board or committee"), empty_label=_("All boards"), required=False
    )
    months = forms.ChoiceField(
        label=_("Decisions due in"),
        choices=[("", _("the next 12 months")), ("3", _("the next 3 months")), ("36", _("the next 3 years"))],
        required=False,
    )
    gaps = forms.BooleanField(label=_("Only those with something missing"), required=False)

    def offer(self, *, projects):
        self.fields["board"].queryset = Forum.objects.filter(pk__in=projects.values("decision_by"))


class ProjectForm(ModelForm):
    """What is written about a project when it begins."""

    starts_on = DatePartsField(label=_("Began on"), required=False)
    options_fixed_on = DatePartsField(
        label=_("Options are fixed from"), help_text=_("Involvement that begins later comes too late."), required=False
    )
    decision_due_on = DatePartsField(label=_("Decision due on"), required=False)

    class Meta:
        model = Project
        fields = [
            *("title", "summary", "trigger", "lead", "organisation", "areas", "topics", "groups"),
            *("starts_on", "options_fixed_on", "decision_by", "decision_due_on"),
        ]
        widgets = {
            "summary": forms.Textarea(attrs=FOUR_ROWS),
            "trigger": forms.RadioSelect,
            "areas": forms.CheckboxSelectMultiple,
            "topics": forms.CheckboxSelectMultiple,
            "groups": forms.CheckboxSelectMultiple,
        }
        labels = {
            "title": _("Title"),
            "summary": _("What may change, and why"),
            "trigger": _("Kind of change"),
            "lead": _("Project lead"),
            "organisation": _("Organisation that decides"),
            "areas": _("Places"),
            "topics": _("Topics"),
            "groups": _("Groups affected"),
            "decision_by": _("Board or committee that decides"),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        # A place that somebody else added stays, though this person could not have chosen it.
        kept = self.instance.areas.values("pk") if self.instance.pk else Area.objects.none()
        self.fields["areas"].queryset = Area.objects.filter(Q(pk__in=places_of(user).values("pk")) | Q(pk__in=kept))
        self.fields["trigger"].choices = Project.Trigger.choices
        if not user.has_perm("engagement.change_any_project"):
            del self.fields["lead"]
            return
        leads = Q(is_active=True, roles__name__in=Role.STAFF) | Q(pk=self.instance.lead_id)
        self.fields["lead"].queryset = User.objects.filter(leads).distinct()

    def clean(self):
        values = super().clean()
        leads = "lead" not in self.fields or values.get("lead") in (None, self.user)
        mine = set(places_of(self.user))
        if self.user.only_areas() is not None and not leads and not mine & set(values.get("areas") or ()):
            self.add_error("areas", _("Select one of the places you work for, or you will not see the project"))
        return values


class ProjectChangeForm(ProjectForm):
    """The same, with what is known only later."""

    implemented_on = DatePartsField(label=_("Change made on"), required=False)
    review_due_on = DatePartsField(
        label=_("Look again on"), help_text=_("Left empty, it is set when the change is made."), required=False
    )

    class Meta(ProjectForm.Meta):
        fields = [
            *ProjectForm.Meta.fields,
            *("legal_risk", "legal_risk_because", "took_part_in_all", "overlaps", "implemented_on", "review_due_on"),
        ]
        widgets = {**ProjectForm.Meta.widgets, "legal_risk_because": forms.Textarea(attrs=FOUR_ROWS)}
        labels = {
            **ProjectForm.Meta.labels,
            "legal_risk": _("Risk of legal challenge"),
            "legal_risk_because": _("Why the risk is what it is"),
            "took_part_in_all": _("People who took part, as stated"),
            "overlaps": _("Who is counted twice in it"),
        }

    def clean(self):
        values = super().clean()
        made_on = values.get("implemented_on")
        if made_on and made_on > timezone.localdate():
            self.add_error("implemented_on", _("Change made on must not be in the future"))
        if values.get("legal_risk") and not values.get("legal_risk_because"):
            self.add_error("legal_risk_because", _("Enter why the risk is what it is"))
        return values


# Steps -------------------------------------------------------------------------------------------


class _ToForm(Form):
    """A step to the stage that the person saw: sent twice, it is taken once."""

    to = forms.ChoiceField(choices=Project.Stage.choices, widget=forms.HiddenInput)


class ForwardForm(_ToForm):
    because = forms.CharField(
        label=_("Note"), widget=forms.Textarea(attrs={"rows": 2}), max_length=2000, required=False
    )


class OverrideForm(_ToForm):
    senior = forms.CharField(
        label=_("Name and post of the senior who decided"),
        help_text=_("It is shown on this page and in the reports."),
        max_length=200,
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs=FOUR_ROWS), max_length=4000)


class BackForm(_ToForm):
    because = forms.CharField(label=_("Why it goes back"), widget=forms.Textarea(attrs=FOUR_ROWS), max_length=2000)


class DecideForm(Form):
    decided_on = DatePartsField(label=_("Decided on"))
    decision = forms.CharField(label=_("What was decided"), widget=forms.Textarea(attrs=FOUR_ROWS), max_length=10000)


class StopForm(Form):
    reason = forms.CharField(label=_("Why it stops"), widget=forms.Textarea(attrs=FOUR_ROWS), max_length=4000)


# Representatives and scrutiny --------------------------------------------------------------------


class RepresentativeChangeForm(ModelForm):
    """What is recorded later about somebody who represents patients."""

    left_on = DatePartsField(label=_("Left on"), required=False)
    conflict_checked_on = DatePartsField(
        label=_("Asked about conflicts of interest on"),
        help_text=_("Needed before somebody evaluates tenders or takes part in the award."),
        required=False,
    )

    class Meta:
        model = Representative
        fields = ["left_on", "conflict_checked_on", "influence"]
        widgets = {"influence": forms.Textarea(attrs=FOUR_ROWS)}
        labels = {"influence": _("What they changed")}


class RepresentativeForm(Form):
    """Somebody who joins. Nobody is listed: see `representatives.find_person`."""

    person = forms.CharField(label=_("Name or e-mail address"), help_text=_("As the register has it."), max_length=300)
    task = forms.ChoiceField(label=_("Takes part in"), choices=Representative.Task.choices, widget=forms.RadioSelect)
    joined_on = DatePartsField(label=_("Joined on"), initial=timezone.localdate)
    conflict_checked_on = DatePartsField(
        label=_("Asked about conflicts of interest on"),
        help_text=_("Needed before somebody evaluates tenders or takes part in the award."),
        required=False,
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_person(self):
        return representatives.find_person(self.cleaned_data["person"], self.user)

    def clean(self):
        values = super().clean()
        judges = values.get("task") in {Representative.Task.EVALUATION, Representative.Task.AWARD}
        if judges and not values.get("conflict_checked_on") and "conflict_checked_on" not in self.errors:
            raise ValidationError(
                {"conflict_checked_on": _("Ask about conflicts of interest before somebody judges tenders")}
            )
        return values


class ScrutinyForm(ModelForm):
    informed_on = DatePartsField(label=_("Informed on"))
    responded_on = DatePartsField(label=_("Responded on"), required=False)

    class Meta:
        model = ScrutinyContact
        fields = [
            *("committee", "authority", "informed_on", "substantial", "has_timetable", "response", "responded_on"),
        ]
        widgets = {"response": forms.Textarea(attrs=FOUR_ROWS), "substantial": forms.RadioSelect}
        labels = {
            "committee": _("Committee"),
            "authority": _("Council"),
            "substantial": _("Is it a substantial variation?"),
            "has_timetable": _("The committee has been given the timetable"),
            "response": _("Response"),
        }
