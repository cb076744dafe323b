"""Forms for activities: the full record in the admin, and a conversation in four answers."""

from django import forms
from django.contrib.admin.widgets import AdminTextareaWidget, AdminTextInputWidget
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from engagement.models import Activity, Period, Principle
from engagement.services import needs_late_reason, principles_in_force
from people.models import Area, PopulationGroup, User


class WithTheSet:
    """Principles with the name of their set, because the same number means different things in two sets."""

    def __init__(self, queryset, **kwargs):
        super().__init__(queryset.select_related("principle_set"), **kwargs)

    def label_from_instance(self, principle):
        return f"{principle} ({principle.principle_set})"


class PrincipleChoiceField(WithTheSet, forms.ModelChoiceField):
    """One principle."""


class PrinciplesField(WithTheSet, forms.ModelMultipleChoiceField):
    """Several principles."""

    widget = forms.CheckboxSelectMultiple


def late_reason_error(period: Period) -> str:
    return _("The period %(period)s is locked. Say why this entry comes late") % {"period": period}


class ActivityForm(forms.ModelForm):
    """The full record. A locked period takes it only with a reason."""

    class Meta:
        model = Activity
        exclude = ["partners", "other_principles"]  # noqa: DJ006  both are inlines; the admin names every field
        field_classes = {"principle": PrincipleChoiceField}
        widgets = {
            "title": AdminTextInputWidget(attrs={"class": "vLargeTextField"}),
            "what_we_asked": AdminTextareaWidget(attrs={"rows": 4}),
            "what_people_told_us": AdminTextareaWidget(attrs={"rows": 6}),
            "what_changed": AdminTextareaWidget(attrs={"rows": 6}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "owner" in self.fields:
            mine = Q(is_staff=True, is_active=True) | Q(pk=self.instance.owner_id)
            self.fields["owner"].queryset = User.objects.filter(mine)
        if "principle" in self.fields and self.instance.pk:
            offered = principles_in_force(self.instance.starts_on, self.instance.ends_on, self.instance.period)
            if offered.exists():
                chosen = Principle.objects.filter(pk=self.instance.principle_id)
                self.fields["principle"].queryset = (offered | chosen).select_related("principle_set")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("late_reason") or self.errors or not self.has_changed():
            return cleaned
        before = Activity.objects.filter(pk=self.instance.pk).values_list("starts_on", "ends_on", "period").first()
        now = (cleaned.get("starts_on"), cleaned.get("ends_on"), cleaned.get("period"))
        locked = needs_late_reason(*now)
        if locked is None and before:
            starts_on, ends_on, period = before
            locked = needs_late_reason(starts_on, ends_on, Period.objects.filter(pk=period).first())
        if locked:
            self.add_error("late_reason", late_reason_error(locked))
        return cleaned


class ConversationForm(Form):
    """A conversation in four answers; the rest is filled in. In a locked period a fifth asks why it comes late."""

    told_us = forms.CharField(
        label=_("What did they tell you?"),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=4000,
        help_text=_("Do not write anybody’s name or anything that shows who they are."),
        error_messages={"required": _("Enter what they told you")},
    )
    group = forms.ModelChoiceField(
        PopulationGroup.objects.all(),
        label=_("Who did you hear from?"),
        empty_label=_("Choose a group"),
        error_messages={"required": _("Select who you heard from")},
    )
    area = forms.ModelChoiceField(
        Area.objects.all(),
        label=_("Which place is it about?"),
        empty_label=_("Choose a place"),
        error_messages={"required": _("Select the place it is about")},
    )
    principle = forms.ModelChoiceField(
        Principle.objects.none(),
        label=_("Which principle does it fit most?"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Select the principle it fits most")},
    )
    late_reason = forms.CharField(
        label=_("Why does this entry come late?"),
        max_length=300,
        error_messages={"required": _("Enter why this entry comes late")},
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        offered = principles_in_force(today, today)
        self.fields["principle"].queryset = offered if offered.exists() else principles_in_force(None, None)
        self.locked_period = needs_late_reason(today, today, None)
        if self.locked_period is None:
            del self.fields["late_reason"]
        else:
            words = _("The period %(period)s is locked.") % {"period": self.locked_period}
            self.fields["late_reason"].help_text = words
