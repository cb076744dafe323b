"""What somebody needs in order to take part: ticks, and words where a tick says too little."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from people.models import AccessNeed, NeedKind
from people.models.needs import NEEDS_WORDS


class NeedsForm(Form):
    """Everything that the standard asks about, on one page. Words without a tick count as ticked.

    `current` are the needs on record.
    """

    needs = forms.MultipleChoiceField(
        label=_("What helps you to take part?"),
        choices=NeedKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Choose all that you need. We keep it and make sure of it at every meeting."),
    )
    language = forms.CharField(label=_("Which language?"), max_length=300, required=False)
    pronouns = forms.CharField(label=_("Which pronouns?"), max_length=300, required=False)
    diet = forms.CharField(label=_("Which food, and what to avoid?"), max_length=300, required=False)
    other = forms.CharField(label=_("What else helps?"), max_length=300, required=False)

    def __init__(self, *args, current: Iterable[AccessNeed] = (), **kwargs):
        self.details = {need.kind: need.detail for need in current}
        initial = {"needs": list(self.details)} | {kind: self.details.get(kind, "") for kind in NEEDS_WORDS}
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self):
        cleaned = super().clean()
        for kind in NEEDS_WORDS:
            if kind in cleaned.get("needs", []) and kind not in self.errors and not cleaned.get(kind):
                self.add_error(kind, gettext("Tell us more about: %(need)s") % {"need": NeedKind(kind).label})
        return cleaned

    @property
    def by_kind(self) -> dict[str, str]:
        """What `needs.set_needs` takes. Words on record beside a need that has no box here stay."""
        chosen = {kind: self.details.get(kind, "") for kind in self.cleaned_data["needs"]}
        return chosen | {kind: words for kind in NEEDS_WORDS if (words := self.cleaned_data[kind])}


class NeedsForSomebodyForm(NeedsForm):
    """The same, as they told a member of staff."""

    def name_fields(self):
        self.fields["needs"].label = _("What helps them to take part?")
        self.fields["needs"].help_text = ""
