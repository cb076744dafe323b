"""Forms of the public part of the library and of partner organisations."""

import uuid

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form
from engagement.models import Period, Topic
from insights.models import SourceKind
from people.models import Area, Organisation, PopulationGroup


class LibraryFilter(FilterForm):
    """The boxes above the list that readers see. Choices are those with something behind them."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Topic"), required=False, to_field_name="slug", empty_label=_("All topics")
    )
    place = forms.ModelChoiceField(
        Area.objects.none(), label=_("Place"), required=False, to_field_name="slug", empty_label=_("All places")
    )
    group = forms.ModelChoiceField(
        PopulationGroup.objects.none(), label=_("Who was heard"), required=False, empty_label=_("Everybody")
    )
    year = forms.ModelChoiceField(
        Period.objects.none(), label=_("Year"), required=False, to_field_name="code", empty_label=_("All years")
    )
    kind = forms.ModelChoiceField(
        SourceKind.objects.none(), label=_("Kind"), required=False, to_field_name="code", empty_label=_("All kinds")
    )

    def offer(self, *, sources):
        there = Area.objects.filter(pk__in=sources.values("areas"))
        above = Q(pk__in=there.values("pk")) | Q(pk__in=there.values("parent"))
        self.fields["topic"].queryset = Topic.objects.filter(pk__in=sources.values("topics"))
        self.fields["place"].queryset = Area.objects.filter(above)
        self.fields["group"].queryset = PopulationGroup.objects.filter(pk__in=sources.values("groups"))
        self.fields["year"].queryset = Period.objects.years()
        self.fields["kind"].queryset = SourceKind.objects.filter(pk__in=sources.values("kind"))


class RemarkForm(Form):
    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    words = forms.CharField(
        label=_("What do you think of it?"),
        help_text=_("Is something wrong, missing or hard to read? Do not write names or details of anybody."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )


class ContributionForm(Form):
    """Short, for a phone: what was heard, where, from which group, when."""

    title = forms.CharField(
        label=_("What was it about?"), max_length=200, help_text=_("A few words, like “getting to the clinic”.")
    )
    summary = forms.CharField(
        label=_("What did you hear?"),
        help_text=_("In the words that people used. Leave out names, addresses, numbers and dates of birth."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=4000,
    )
    kind = forms.ModelChoiceField(
        SourceKind.objects.filter(is_story=False), label=_("How did you come by it?"), empty_label=_("Choose one")
    )
    heard_on = DatePartsField(label=_("When did you hear it?"), initial=timezone.localdate)
    area = forms.ModelChoiceField(Area.objects.all(), label=_("Where?"), required=False, empty_label=_("I do not know"))
    group = forms.ModelChoiceField(
        PopulationGroup.objects.all(),
        label=_("From which group?"),
        required=False,
        empty_label=_("Several, or I do not know"),
    )
    organisation = forms.ModelChoiceField(Organisation.objects.none(), label=_("For which organisation?"))

    def __init__(self, *args, organisations, **kwargs):
        """`organisations`: those that the contributor works for. With one or none there is nothing to choose."""
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations
        count = organisations.count()
        self.only_organisation = organisations.first() if count == 1 else None
        if count < 2:
            del self.fields["organisation"]

    @property
    def values(self) -> dict:
        """What the service takes."""
        values = {"organisation": self.only_organisation} | self.cleaned_data
        for one, several in (("area", "areas"), ("group", "groups")):
            row = values.pop(one)
            values[several] = [row] if row else []
        return values
