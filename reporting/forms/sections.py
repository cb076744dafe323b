"""Forms about what people write into a report, and what they say of a draft."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from reporting.documents.shapes import shape_of
from reporting.models import Report


class SectionForm(Form):
    """The text of a section. `seen` is the mark of the text that the form began with."""

    text = forms.CharField(
        label=_("Your text"),
        max_length=8000,
        help_text=_("It is printed before what is computed, in the next version. A blank line starts a paragraph."),
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class CommentForm(Form):
    """What somebody says of a section of a draft, or of the whole."""

    section = forms.ChoiceField(label=_("Section"), required=False)
    text = forms.CharField(label=_("Your comment"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args, report: Report, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["section"].choices = [("", _("The whole report")), *shape_of(report).sections]


class SettleForm(Form):
    """What was done with a comment."""

    answer = forms.CharField(
        label=_("What was done with it"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
