"""The box above the figures of themes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm
from insights.models import Frame


class FrameFilter(FilterForm):
    """By which code frame the figures are shown."""

    frame = forms.ModelChoiceField(Frame.objects.none(), label=_("Code frame"), required=False, empty_label=None)

    def offer(self, *, frames):
        self.fields["frame"].queryset = Frame.objects.filter(pk__in=[frame.pk for frame in frames])

    @property
    def chosen(self) -> Frame | None:
        return self.cleaned_data.get("frame")
