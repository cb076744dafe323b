"""What staff ask the search for."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import search
from core.forms import FilterForm
from core.models import Scope
from engagement.models import Period, Topic
from insights.documents.years import financial_year
from people.models import Area, PopulationGroup


class SearchForm(FilterForm):
    """Words, and filters that can each be left as they are. `tags` and `kinds` are what `search.find` takes."""

    q = forms.CharField(
        label=_("Search for"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "spellcheck": "true"}),
        help_text=_("Words that all have to be there. Put words that belong together in quotation marks."),
    )
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    topic = forms.ModelChoiceField(Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("All"))
    place = forms.ModelChoiceField(Area.objects.all(), label=_("Place"), required=False, empty_label=_("All"))
    group = forms.ModelChoiceField(
        PopulationGroup.objects.all(), label=_("Group"), required=False, empty_label=_("All")
    )
    year = forms.TypedChoiceField(label=_("Financial year"), required=False, coerce=int, empty_value=None)
    scope = forms.ChoiceField(label=_("For whom"), required=False, choices=[("", _("All")), *Scope.choices])

    def offer(self):
        kinds = [(kind.code, kind.plural) for kind in search.kinds().values()]
        self.fields["kind"].choices = [("", _("All")), *kinds]
        years = sorted(
            {financial_year(day) for day in Period.objects.values_list("starts_on", flat=True)}, reverse=True
        )
        self.fields["year"].choices = [("", _("All")), *((year, f"{year}–{(year + 1) % 100:02}") for year in years)]

    def kinds(self) -> list[str]:
        return [self.cleaned_data["kind"]] if self.cleaned_data.get("kind") else []

    def tags(self) -> dict[str, list]:
        """The filters as tags. A place stands for the places within it too."""
        chosen = self.cleaned_data
        tags = {name: [chosen[name].pk] for name in ("topic", "group") if chosen.get(name)}
        if place := chosen.get("place"):
            within = Q(pk=place.pk) | Q(parent=place) | Q(parent__parent=place) | Q(parent__parent__parent=place)
            tags["area"] = list(Area.objects.filter(within).order_by().values_list("pk", flat=True))
        tags |= {name: [chosen[name]] for name in ("year", "scope") if chosen.get(name)}
        return tags

    @property
    def is_narrowed(self) -> bool:
        return any(value for name, value in self.cleaned_data.items() if name != "q")
