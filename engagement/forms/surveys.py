"""Forms about surveys: the questions as people answer them, and what staff write, type in and look for."""

import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.files import content_of_sheet
from core.forms import DatePartsField, FilterForm, Form, ModelForm
from engagement.models import Survey, SurveyQuestion, SurveyResponse
from engagement.services.surveys.responses import LARGEST_NUMBER, LONGEST_LINE, LONGEST_TEXT, REASONS, SCALE
from people.models import EqualityQuestion

Kind = SurveyQuestion.Kind
FOUR_ROWS = {"rows": 4}
Route = SurveyResponse.Route

# Answering ---------------------------------------------------------------------------------------


def _field(question: SurveyQuestion) -> forms.Field:
    """The control for one question."""
    said = {"label": question.text, "help_text": question.hint, "required": question.is_required}
    choices = [(option, option) for option in question.options]
    match question.kind:
        case Kind.ONE:
            return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **said)
        case Kind.MANY:
            said["help_text"] = question.hint or _("Select all that apply.")
            return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **said)
        case Kind.SCALE:
            said["help_text"] = question.hint or _("1 is the lowest, 5 the highest.")
            scale = [(number, str(number)) for number in SCALE]
            return forms.TypedChoiceField(choices=scale, coerce=int, widget=forms.RadioSelect, **said)
        case Kind.NUMBER:
            return forms.IntegerField(min_value=0, max_value=LARGEST_NUMBER, **said)
        case Kind.LINE:
            return forms.CharField(max_length=LONGEST_LINE, **said)
    return forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs=FOUR_ROWS), **said)


class AnswersForm(Form):
    """The questions of a survey. A draft, and what staff type in, may leave any of them out."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, questions, needs_all: bool = True, **kwargs):
        self.questions, self.needs_all = questions, needs_all
        super().__init__(*args, **kwargs)

    def name_fields(self):
        for question in self.questions:
            self.fields[f"q{question.pk}"] = field = _field(question)
            if not self.needs_all:
                field.required = False

    @property
    def answers(self) -> dict:
        """What was answered, by the number of the question."""
        return {question.pk: self.cleaned_data[f"q{question.pk}"] for question in self.questions}

    @staticmethod
    def initial_of(response: SurveyResponse, answers: dict) -> dict:
        """What a draft says, as a form shows it."""
        return {"form_token": response.form_token} | {f"q{pk}": value for pk, value in answers.items()}


class AboutYouFields:
    """The equality questions, each with its answers as radios. None has to be answered."""

    def add_about(self):
        self.about = list(EqualityQuestion.objects.prefetch_related("options"))
        for question in self.about:
            choices = [(option.pk, option.label) for option in question.options.all()]
            self.fields[f"about{question.pk}"] = forms.TypedChoiceField(
                choices=choices,
                coerce=int,
                empty_value=None,
                required=False,
                widget=forms.RadioSelect,
                label=question.text,
                help_text=question.hint,
            )

    @property
    def options(self) -> list:
        """The answers that were chosen."""
        chosen = {self.cleaned_data[f"about{question.pk}"] for question in self.about}
        return [option for question in self.about for option in question.options.all() if option.pk in chosen]


class AboutYouForm(AboutYouFields, Form):
    """The equality questions on a page of their own, after sending."""

    def name_fields(self):
        self.add_about()


class CodeForm(Form):
    """The code on a receipt."""

    code = forms.CharField(label=_("Your code"), help_text=_("Eight letters, like BCDF GHJK."), max_length=40)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs = {
            "autocomplete": "off",
            "spellcheck": "false",
            "class": "nhsuk-input--width-10",
        }


# Staff -------------------------------------------------------------------------------------------


class SurveyForm(ModelForm):
    opens_on = DatePartsField(label=_("First day"))
    closes_on = DatePartsField(label=_("Last day"))

    class Meta:
        model = Survey
        fields = ["title", "introduction", "paper_contact", "opens_on", "closes_on", "asks_about_people", "thanks"]
        widgets = {"introduction": forms.Textarea(attrs={"rows": 8}), "thanks": forms.Textarea(attrs=FOUR_ROWS)}
        labels = {
            "title": _("Title"),
            "introduction": _("Introduction"),
            "paper_contact": _("How to get it on paper or by telephone, and where to send it"),
            "asks_about_people": _("Ask the equality questions at the end"),
            "thanks": _("Words of thanks"),
        }
        help_texts = {"introduction": _("What it is about and what happens with the answers, in plain words.")}

    def clean(self):
        values = super().clean()
        first, last = values.get("opens_on"), values.get("closes_on")
        if first and last and last < first:
            self.add_error("closes_on", _("The last day must not be before the first day"))
        return values


class LastDayForm(Form):
    closes_on = DatePartsField(label=_("Last day"))


class QuestionForm(ModelForm):
    options = forms.CharField(
        label=_("Answers to choose from"),
        help_text=_("For a choice alone. Write each answer on a line of its own."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    class Meta:
        model = SurveyQuestion
        fields = ["text", "hint", "kind", "options", "is_required"]
        widgets = {"kind": forms.RadioSelect}
        labels = {
            "text": _("Question"),
            "hint": _("Hint"),
            "kind": _("Kind of answer"),
            "is_required": _("It has to be answered"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Kind.choices
        if self.instance.pk:
            self.initial["options"] = "\n".join(self.instance.options)

    def clean_options(self):
        lines = (" ".join(line.split()) for line in self.cleaned_data["options"].splitlines())
        return [line for line in lines if line]


class EnterForm(AboutYouFields, AnswersForm):
    """What somebody answered on paper, by telephone or in person, typed in by staff."""

    field_order = ["form_token", "route", "on"]

    route = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(route.value, route.label) for route in (Route.PAPER, Route.PHONE, Route.IN_PERSON)],
        widget=forms.RadioSelect,
    )
    on = DatePartsField(label=_("Day on which it came"), initial=timezone.localdate)

    def __init__(self, *args, asks_about_people: bool, **kwargs):
        self.asks_about_people = asks_about_people
        super().__init__(*args, needs_all=False, **kwargs)

    def name_fields(self):
        super().name_fields()
        self.about = []
        if self.asks_about_people:
            self.add_about()


class UploadForm(Form):
    """A spreadsheet with answers from another tool."""

    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_("An Excel workbook (.xlsx) or a CSV file of at most 5 MB. Its first row names the questions."),
        error_messages={
            "required": _("Choose a spreadsheet"),
            "empty": _("The file is empty. Choose the file that holds your rows"),
        },
    )

    def clean_file(self):
        self.content = content_of_sheet(self.cleaned_data["file"])
        return self.cleaned_data["file"]


class RemoveForm(Form):
    """Answers that are to be deleted, and why."""

    code = forms.CharField(label=_("Code on the receipt"), max_length=40)
    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Select a reason")), *REASONS.items()])


class SurveyFilter(FilterForm):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), *Survey.STATES.items()],
    )


class ResponseFilter(FilterForm):
    words = forms.CharField(label=_("Words in the answers"), required=False, max_length=100)
    state = forms.ChoiceField(
        label=_("Read"), required=False, choices=[("", _("All")), ("unread", _("not read")), ("read", _("read"))]
    )
    route = forms.ChoiceField(label=_("Route"), required=False, choices=[("", _("All")), *Route.choices])
