"""Forms of the reader panel: asking for a review, answering it, deciding on comments, sending the result."""

import datetime
from collections.abc import Iterable

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core import files
from core.forms import DatePartsField, FilterForm, Form, ModelForm
from forums.models import Criterion, Forum, PageComment, Rating, Review
from people.models import Organisation, Person

LONGEST_TEXT = 200_000
LONGEST_COMMENT, LONGEST_PAGE_COMMENT, HIGHEST_PAGE = 5000, 2000, 9999
MOST_PAGE_COMMENTS = 60
DOCUMENT_KINDS = (*files.DOCUMENTS, *files.PICTURES)


# Staff: asking -----------------------------------------------------------------------------------


class DocumentFields(forms.Form):
    """The words of a document and its file: one of the two is needed."""

    text = forms.CharField(
        label=_("Words of the document"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=_("Paste them here. Readability is measured on them."),
    )
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=_("The document as readers will see it: PDF, Word, PowerPoint or a picture, at most 10 MB."),
    )

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return files.checked(upload, allowed=DOCUMENT_KINDS) if upload else None

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("text", "").strip() and not cleaned.get("file") and not self.errors:
            self.add_error("text", gettext("Paste the words of the document, or choose its file"))
        return cleaned


class ReviewForm(DocumentFields, ModelForm):
    """A document that a panel is asked to read. Panels that review documents stand first in the list."""

    deadline = DatePartsField(label=_("Answers by"), help_text=_("For example, 27 3 2026"))

    class Meta:
        model = Review
        fields = ["panel", "title", "kind", "organisation", "asked_by", "audience", "what_matters", "deadline"]
        widgets = {"kind": forms.RadioSelect, "what_matters": forms.Textarea(attrs={"rows": 4})}
        labels = {"panel": _("Who should read it?"), "title": _("Title of the document")}

    def __init__(self, *args, panels, **kwargs):
        super().__init__(*args, **kwargs)
        readers_first = Case(When(role=Forum.Role.REVIEWS, then=Value(0)), default=Value(1))
        self.fields["panel"].queryset = panels.live().order_by(readers_first, "name")
        self.fields["kind"].choices = Review.Kind.choices
        self.fields["organisation"].queryset = Organisation.objects.all()

    def clean_deadline(self):
        deadline = self.cleaned_data["deadline"]
        if deadline < timezone.localdate():
            raise ValidationError(gettext("The day by which you want answers must not be in the past"))
        return deadline


class VersionForm(DocumentFields, Form):
    """Another version of a document."""

    is_final = forms.BooleanField(label=_("This is the final version"), required=False)

    def __init__(self, *args, may_be_final: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not may_be_final:
            del self.fields["is_final"]


class ResultForm(Form):
    """What changed, as the readers will read it."""

    result = forms.CharField(
        label=_("What changed because of the readers?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("A few sentences. Everybody who answered gets them."),
    )


class DecisionForm(Form):
    """What becomes of one comment. Give the comment's number as `prefix`: many stand on a page."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=PageComment.Outcome.choices, required=False)
    reason = forms.CharField(
        label=_("What was changed, or why not"),
        required=False,
        max_length=LONGEST_PAGE_COMMENT,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


# Readers: answering ------------------------------------------------------------------------------


class AnswerForm(Form):
    """What one reader says. Pairs of boxes take comments by page: as many as are filled in and `spare` more."""

    def __init__(self, data=None, *, criteria: Iterable[Criterion], draft=None, spare: int = 1, **kwargs):
        self.criteria = list(criteria)
        self.draft = draft
        self.written = [(each.page, each.text) for each in draft.page_comments.all()] if draft else []
        boxes = max(len(self.written) + spare, self._sent(data))
        self.numbers = range(1, min(boxes, MOST_PAGE_COMMENTS) + 1)
        super().__init__(data, **kwargs)

    def name_fields(self):
        """Add the questions and the boxes, before error messages are made from their labels."""
        scores = {rating.criterion_id: rating.score for rating in self.draft.ratings.all()} if self.draft else {}
        for criterion in self.criteria:
            self.fields[f"criterion_{criterion.pk}"] = forms.TypedChoiceField(
                label=criterion.question,
                choices=Rating.Score.choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                initial=scores.get(criterion.pk),
            )
        for number in self.numbers:
            self._add_pair(number, *(self.written[number - 1] if number <= len(self.written) else (None, "")))
        self.fields["comment"] = forms.CharField(
            label=_("Anything else?"),
            required=False,
            max_length=LONGEST_COMMENT,
            widget=forms.Textarea(attrs={"rows": 6}),
            initial=self.draft.comment if self.draft else "",
        )

    def _sent(self, data) -> int:
        """The number of the last pair of boxes that was sent."""
        names = (name.removeprefix("text_") for name in data or () if name.startswith("text_"))
        return max((int(name) for name in names if name.isascii() and name.isdecimal() and len(name) < 4), default=0)

    def _add_pair(self, number: int, page: int | None, text: str) -> None:
        words = {"number": number}
        self.fields[f"page_{number}"] = forms.IntegerField(
            label=gettext("Comment %(number)s: page") % words,
            required=False,
            min_value=1,
            max_value=HIGHEST_PAGE,
            initial=page,
            widget=forms.NumberInput(attrs={"class": "nhsuk-input--width-4"}),
        )
        self.fields[f"text_{number}"] = forms.CharField(
            label=gettext("Comment %(number)s: what should change?") % words,
            required=False,
            max_length=LONGEST_PAGE_COMMENT,
            initial=text,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def clean(self):
        cleaned = super().clean()
        for number in self.numbers:
            if cleaned.get(f"page_{number}") and not cleaned.get(f"text_{number}", "x"):
                page = {"page": cleaned[f"page_{number}"]}
                self.add_error(f"text_{number}", gettext("Write your comment on page %(page)s") % page)
        return cleaned

    @property
    def questions(self):
        return [self[f"criterion_{criterion.pk}"] for criterion in self.criteria]

    @property
    def pairs(self):
        """The boxes for comments: the field of the page and the field of the words."""
        return [(self[f"page_{number}"], self[f"text_{number}"]) for number in self.numbers]

    @property
    def answer(self) -> dict:
        """What the service takes: scores, comment and comments by page."""
        cleaned = self.cleaned_data
        given = {criterion: cleaned[f"criterion_{criterion.pk}"] for criterion in self.criteria}
        return {
            "scores": {criterion: score for criterion, score in given.items() if score is not None},
            "comment": cleaned["comment"],
            "page_comments": [(cleaned[f"page_{number}"], cleaned[f"text_{number}"]) for number in self.numbers],
        }


class RecordedAnswerForm(AnswerForm):
    """An answer that a reader gave on paper or by phone."""

    person = forms.ModelChoiceField(label=_("Who answered?"), queryset=Person.objects.none())

    def __init__(self, *args, readers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = readers


# Lists -------------------------------------------------------------------------------------------


class ReviewFilter(FilterForm):
    """The boxes above the list of reviews."""

    status = forms.ChoiceField(
        label=_("Status"), choices=[("", _("Any")), ("late", _("late")), *Review.Status.choices], required=False
    )
    panel = forms.ModelChoiceField(
        label=_("Panel"), queryset=Forum.objects.none(), required=False, empty_label=_("All panels")
    )

    def offer(self, reviews):
        self.fields["panel"].queryset = Forum.objects.filter(pk__in=reviews.values("panel"))


class BetweenForm(Form):
    """A span of days. Without an answer it is the financial year in which we are."""

    start = DatePartsField(label=_("From"), help_text=_("For example, 1 4 2026"))
    end = DatePartsField(label=_("To"), help_text=_("For example, 31 3 2027"))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("start") and cleaned.get("end") and cleaned["end"] < cleaned["start"]:
            self.add_error("end", gettext("The last day must not be before the first"))
        return cleaned

    @staticmethod
    def this_year() -> tuple[datetime.date, datetime.date]:
        today = timezone.localdate()
        year = today.year if today.month >= 4 else today.year - 1
        return datetime.date(year, 4, 1), datetime.date(year + 1, 3, 31)
