"""Forms about code frames, coding by hand, learning, and checks of samples."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm, Form, ModelForm
from insights.documents.coding import choices
from insights.models import Frame, Theme

UNSURE = "unsure"


class FrameForm(ModelForm):
    # No field of the model’s form: that would refuse a second default before the first has been put back.
    is_default = forms.BooleanField(label=_("Offer this frame first"), required=False)

    class Meta:
        model = Frame
        fields = ["name", "source"]
        labels = {"name": _("Name"), "source": _("Where it comes from")}


class ThemeForm(ModelForm):
    class Meta:
        model = Theme
        fields = ["name", "category", "definition", "is_remainder"]
        labels = {
            "name": _("Name"),
            "category": _("Belongs to"),
            "definition": _("When to use it"),
            "is_remainder": _("It says that there is nothing to code"),
        }
        widgets = {"definition": forms.Textarea(attrs={"rows": 4})}


class RetireForm(Form):
    replaced_by = forms.ModelChoiceField(
        Theme.objects.none(),
        label=_("Move its codes to"),
        required=False,
        empty_label=_("No other theme: the codes stay as they are"),
    )

    def __init__(self, *args, theme, **kwargs):
        super().__init__(*args, **kwargs)
        others = Theme.objects.in_use().filter(frame=theme.frame_id).exclude(pk=theme.pk)
        self.fields["replaced_by"].queryset = others


LONGEST_NUMBER = 18  # figures that every database takes as the number of a row


class ThemesField(forms.ModelMultipleChoiceField):
    """Themes by their numbers. One that no database can hold is refused like any other that does not exist."""

    default_error_messages = {
        "invalid_choice": _("Select themes from the list"),
        "invalid_pk_value": _("Select themes from the list"),
    }

    def clean(self, value):
        if any(len(str(each)) > LONGEST_NUMBER for each in value or ()):
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class ThemesForm(Form):
    """Themes of a frame to tick, with the edition of the frame that the page showed."""

    themes = ThemesField(Theme.objects.none(), label=_("themes"), required=False)
    frame_edition = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, frame, chosen=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.frame = frame
        self.saved = set(chosen)
        # Those that were retired while the page was open are known too: what was chosen is not lost.
        self.fields["themes"].queryset = frame.themes.all()
        self.fields["themes"].widget = forms.CheckboxSelectMultiple()

    @property
    def chosen(self) -> set[int]:
        """The numbers that are ticked: those sent, else those in the record."""
        if not self.is_bound:
            return self.saved
        sent = [text for text in self.data.getlist("themes") if len(text) <= LONGEST_NUMBER]
        return {int(text) for text in sent if text.isascii() and text.isdecimal()}

    def groups(self):
        """The themes as the page shows them, by category."""
        return choices(self.frame, self.chosen)


class CodingForm(ThemesForm):
    edition = forms.IntegerField(widget=forms.HiddenInput)
    with_same_words = forms.BooleanField(required=False)

    @property
    def sent_edition(self) -> int | None:
        """The edition of the comment that the person saw; None where nothing was sent, or no number."""
        return self.cleaned_data.get("edition") if self.is_bound and hasattr(self, "cleaned_data") else None


class JudgeForm(ThemesForm):
    comment = forms.IntegerField(widget=forms.HiddenInput)


class FrameFilter(FilterForm):
    frame = forms.ModelChoiceField(
        Frame.objects.all(), label=_("Code frame"), required=False, empty_label=_("The default")
    )


class SuggestionFilter(FrameFilter):
    theme = forms.ModelChoiceField(Theme.objects.none(), label=_("Theme"), required=False, empty_label=_("All"))
    order = forms.ChoiceField(
        label=_("Order"),
        required=False,
        choices=[("", _("Most certain first")), (UNSURE, _("Least certain first"))],
    )

    def offer(self):
        self.fields["theme"].queryset = Theme.objects.in_use().select_related("frame")


class LearnForm(Form):
    frame = forms.ModelChoiceField(Frame.objects.all(), label=_("Code frame"), empty_label=None)


class SampleForm(Form):
    size = forms.IntegerField(
        label=_("Comments in the sample"),
        help_text=_("The more you code, the more themes can be judged."),
        min_value=1,
    )


class AcceptForm(Form):
    themes = ThemesField(
        Theme.objects.none(),
        label=_("Themes whose codes are accepted"),
        widget=forms.CheckboxSelectMultiple,
    )
    because = forms.CharField(
        label=_("Why the rest can be accepted"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args, passing, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["themes"].queryset = Theme.objects.filter(pk__in=[theme.pk for theme in passing])
