"""How the public narrows lists of activities, and what staff say when they publish one."""

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm, ModelForm
from engagement.documents.public_pages import Standing, in_place
from engagement.models import Activity, Topic
from people.models import Area, PopulationGroup


class ActivityFilter(FilterForm):
    """Public activities by state, topic, place, group and year. Only what published activities have is offered."""

    state = forms.ChoiceField(label=_("State"), required=False)
    topic = forms.ModelChoiceField(
        Topic.objects.none(), label=_("Topic"), required=False, to_field_name="slug", empty_label=_("All topics")
    )
    place = forms.ModelChoiceField(
        Area.objects.none(), label=_("Place"), required=False, to_field_name="slug", empty_label=_("All places")
    )
    group = forms.ModelChoiceField(
        PopulationGroup.objects.none(), label=_("Group"), required=False, empty_label=_("Everybody")
    )
    year = forms.ChoiceField(label=_("Year"), required=False)

    def offer(self, *, activities):
        """`activities` are public, `with_standing`."""
        here, within = (activities.filter(**{name: OuterRef("pk")}) for name in ("areas", "areas__parent"))
        years = activities.order_by().annotate(year=ExtractYear("began_on")).values_list("year", flat=True).distinct()
        self.fields["state"].choices = [("", _("Any")), *((each.value, each.label.capitalize()) for each in Standing)]
        self.fields["year"].choices = [("", _("All years")), *((str(year), str(year)) for year in sorted(years)[::-1])]
        self.fields["topic"].queryset = Topic.objects.filter(Exists(activities.filter(topics=OuterRef("pk"))))
        self.fields["place"].queryset = Area.objects.filter(Exists(here) | Exists(within))
        self.fields["group"].queryset = PopulationGroup.objects.filter(Exists(activities.filter(groups=OuterRef("pk"))))

    def narrow(self, activities):
        """The activities that the answers leave."""
        chosen = self.cleaned_data
        wanted = Q()
        if chosen.get("state"):
            wanted &= Q(standing=chosen["state"])
        if chosen.get("year"):
            wanted &= Q(began_on__year=chosen["year"])
        if chosen.get("place"):
            wanted &= in_place(chosen["place"])
        for name in ("topics", "groups"):
            if value := chosen.get(name.removesuffix("s")):
                wanted &= Q(**{name: value})
        return activities.filter(wanted)


class PublishForm(ModelForm):
    """The summary that stands at the top of the public page."""

    public_summary = forms.CharField(
        label=_("Summary for the public page"),
        required=False,
        max_length=1000,
        help_text=_("Two or three sentences in plain words. Left empty, the page begins with the purpose."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    class Meta:
        model = Activity
        fields = ["public_summary"]
