"""Forms about the way of a report: what a body made of it, and what a group that assures says."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from forums.models import Forum, Meeting
from reporting.models import Approval, Statement

NEWEST_MEETINGS = 50
SENT_ON = [choice for choice in Approval.Result.choices if choice[0] != Approval.Result.WAITING]


class ResultForm(Form):
    """What a body made of a version."""

    result = forms.ChoiceField(label=_("What came of it"), choices=SENT_ON, widget=forms.RadioSelect)
    decided_on = DatePartsField(label=_("Day on which it was decided"), initial=timezone.localdate)
    meeting = forms.ModelChoiceField(
        Meeting.objects.none(), label=_("Meeting"), required=False, empty_label=_("not chosen")
    )
    note = forms.CharField(
        label=_("What was said"),
        required=False,
        max_length=4000,
        help_text=_("Needed where it is sent back: say what has to change. No names of members."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, forum: Forum, **kwargs):
        super().__init__(*args, **kwargs)
        held = Meeting.objects.filter(Q(forum=forum) | Q(joint_with=forum), starts_at__lte=timezone.now())
        newest = held.order_by("-starts_at").values_list("pk", flat=True)[:NEWEST_MEETINGS]
        self.fields["meeting"].queryset = Meeting.objects.filter(pk__in=list(newest)).order_by("-starts_at")


class StatementForm(Form):
    """What a group that assures says of a report. `seen` is the mark of the statement that the form began with."""

    forum = forms.ModelChoiceField(
        Forum.objects.none(), label=_("Group"), help_text=_("Groups whose role is to assure.")
    )
    result = forms.ChoiceField(label=_("Result"), choices=Statement.Result.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("Statement"),
        max_length=6000,
        help_text=_("In the chair’s own words. It is printed in the next version of the report."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    said_on = DatePartsField(label=_("Day on which it was said"), initial=timezone.localdate)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, forum: Forum | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["forum"].queryset = Forum.objects.filter(role=Forum.Role.ASSURES).order_by("name")
        if forum is not None:
            del self.fields["forum"]
