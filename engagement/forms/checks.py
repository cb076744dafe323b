"""The form of a check list at one point: every question with its rating, evidence and address, saved at once."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from engagement.models import CheckAnswer, CheckQuestion, Rating
from engagement.services.checks import Given

FIELDS = ("rating", "evidence", "link")


class ChecksForm(Form):
    """Questions may be left for later, but not half answered; an answer that was given can change, not vanish."""

    def __init__(self, *args, questions: Iterable[CheckQuestion], answers: dict[int, CheckAnswer], **kwargs):
        self.questions, self.answers = list(questions), answers
        super().__init__(*args, **kwargs)

    def name_fields(self):
        for question in self.questions:
            answer = self.answers.get(question.pk)
            fields = {
                "rating": forms.ChoiceField(
                    label=_("Rating"), choices=Rating.choices, widget=forms.RadioSelect, required=False
                ),
                "evidence": forms.CharField(
                    label=_("Evidence"), widget=forms.Textarea(attrs={"rows": 3}), required=False
                ),
                "link": forms.URLField(
                    label=_("Where it can be seen"), required=False, max_length=200, assume_scheme="https"
                ),
            }
            for name, field in fields.items():
                field.initial = getattr(answer, name, "")
                self.fields[f"{name}_{question.pk}"] = field

    def clean(self):
        values = super().clean()
        for question in self.questions:
            rating, evidence, link = (values.get(f"{name}_{question.pk}") for name in FIELDS)
            if not (rating or evidence or link) and question.pk not in self.answers:
                continue
            words = {"question": question.text}
            if not rating and f"rating_{question.pk}" not in self.errors:
                self.add_error(f"rating_{question.pk}", _("Select a rating for “%(question)s”") % words)
            if not evidence and f"evidence_{question.pk}" not in self.errors:
                self.add_error(f"evidence_{question.pk}", _("Enter the evidence for “%(question)s”") % words)
        return values

    def given(self) -> list[Given]:
        """The answers, of a form that is valid; questions that are left for later are left out."""
        values = self.cleaned_data
        return [
            Given(question, *(values[f"{name}_{question.pk}"] for name in FIELDS))
            for question in self.questions
            if values[f"rating_{question.pk}"]
        ]

    def fields_of(self, question: CheckQuestion) -> list[forms.BoundField]:
        return [self[f"{name}_{question.pk}"] for name in FIELDS]

    def rating_of(self, question: CheckQuestion) -> str:
        """The rating as it stands on the page: what was typed, else what is kept."""
        return self[f"rating_{question.pk}"].value() or ""
