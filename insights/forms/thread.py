"""The box above the threads of a period or a forum."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from engagement.models import Period
from insights.documents.thread import Line, State, Threads

STANDINGS = [
    ("", _("All")),
    (State.BROKEN, _("Broken")),
    (State.NONE, _("Not recorded whether whole")),
    (State.WAITING, _("Still in time")),
    (State.WHOLE, _("Whole")),
]


class ThreadFilter(FilterForm):
    """Which activities the list shows, by how their thread stands."""

    standing = forms.ChoiceField(label=_("How the thread stands"), required=False, choices=STANDINGS)

    def narrow(self, threads: Threads) -> list[Line]:
        """The lines that are left: the one with the most missing first, broken before unknown."""
        wanted = self.cleaned_data.get("standing")
        rows = [line for line in threads.lines if not wanted or line.standing == wanted]
        order = (State.BROKEN, State.NONE, State.WAITING, State.WHOLE)
        return sorted(rows, key=lambda line: (order.index(line.standing), line.percent or 0, line.reference))


class PeriodThreadFilter(ThreadFilter):
    """The same, for a year or a quarter; without one, the present year."""

    period = forms.ModelChoiceField(
        Period.objects.all(), label=_("Period"), required=False, empty_label=_("The present year"), to_field_name="code"
    )
    field_order = ("period", "standing")

    @property
    def chosen(self) -> Period | None:
        return self.cleaned_data.get("period") or Period.objects.present() or Period.objects.first()
