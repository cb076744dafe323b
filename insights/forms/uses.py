"""Forms about where insight was used."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form
from engagement.models import Project


class UseForm(Form):
    """Where a finding or an item was used: in a project that somebody works on, or elsewhere."""

    project = forms.ModelChoiceField(
        Project.objects.none(),
        label=_("Project"),
        required=False,
        help_text=_("The stage at which it stood on that day is noted."),
    )
    elsewhere = forms.CharField(
        label=_("Or where else"), required=False, max_length=200, help_text=_("A plan, a paper, a contract.")
    )
    effect = forms.CharField(
        label=_("To what effect"),
        max_length=2000,
        help_text=_("What is different because of it. If nothing is, say so."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    on = DatePartsField(label=_("Day"), initial=timezone.localdate)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Project.objects.for_user(user)
        if not user.has_perm("engagement.change_any_project"):
            mine = mine.filter(lead=user)
        self.fields["project"].queryset = mine.order_by("reference")


class UseFilter(FilterForm):
    """Which uses a list shows."""

    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"), required=False, empty_label=_("All"))

    def offer(self, *, projects, uses):
        # The page of a project leads here before it has used anything: its own name is offered all the same.
        asked = str(self.data.get("project", ""))
        wanted = Q(pk__in=uses.values("project")) | (Q(pk=asked) if asked.isdecimal() else Q(pk__in=[]))
        self.fields["project"].queryset = projects.filter(wanted).order_by("reference")

    @property
    def chosen(self) -> Project | None:
        return self.cleaned_data.get("project")

    def narrow(self, uses):
        return uses.filter(project=self.chosen) if self.chosen else uses
