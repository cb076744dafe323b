"""Forms about passing on what is public."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from forums.models import Forum
from insights.documents import boards


class TellForm(Form):
    """A forum whose members are written to."""

    forum = forms.ModelChoiceField(Forum.objects.none(), label=_("Forum"))
    note = forms.CharField(
        label=_("A few words of your own"),
        required=False,
        max_length=1000,
        help_text=_("They stand first in the message."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        areas = user.only_areas()
        mine = boards.of_user(user).live() if areas is None else boards.of_user(user).live().filter(area__in=areas)
        self.fields["forum"].queryset = mine.order_by("name")


class ThroughForm(Form):
    """A newsletter or card in which it stood."""

    through = forms.CharField(
        label=_("Newsletter or card"), max_length=200, help_text=_("For example “Newsletter of May 2026”.")
    )
    on = DatePartsField(label=_("Day"), initial=timezone.localdate)
