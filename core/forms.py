"""Forms as the NHS service manual wants them: errors that say what to do, dates in three boxes, one renderer."""

import calendar
import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms.renderers import TemplatesSetting
from django.utils.choices import BlankChoiceIterator
from django.utils.text import get_text_list
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class NHSRenderer(TemplatesSetting):
    """Django's own `{{ form }}` and `{{ field.as_field_group }}`, in NHS markup."""

    form_template_name = "nhsuk/form.html"
    field_template_name = "nhsuk/field.html"


# Words of an error message -----------------------------------------------------------------------

NO_CHOICE = BLANK_CHOICE_DASH[0]
CHOICES = (forms.ChoiceField, forms.ModelChoiceField, forms.MultipleChoiceField, forms.BooleanField)


def in_a_sentence(label: str) -> str:
    """The label without its capital, unless the capital belongs to it: "Full name" but "NHS number"."""
    first, _space, _rest = label.partition(" ")
    return label if first == "I" or first[1:] != first[1:].lower() else label[:1].lower() + label[1:]


def required_message(field: forms.Field, label: str) -> str:
    """What to do about an empty answer."""
    if label.endswith("?"):
        return gettext("Answer the question “%(label)s”") % {"label": label}
    if isinstance(field, forms.FileField):
        return gettext("Choose a file for %(label)s") % {"label": in_a_sentence(label)}
    if isinstance(field, CHOICES):
        return gettext("Select %(label)s") % {"label": in_a_sentence(label)}
    return gettext("Enter %(label)s") % {"label": in_a_sentence(label)}


def invalid_message(field: forms.Field, label: str) -> str | None:
    """What to do about an answer of the wrong kind, or None when Django's words will do."""
    words = {"label": label}
    if isinstance(field, forms.EmailField):
        return gettext("Enter an email address in the correct format, like name@example.com")
    if isinstance(field, forms.URLField):
        return gettext("Enter a web address in the correct format, like https://www.example.org")
    if isinstance(field, (forms.DecimalField, forms.FloatField)):
        return gettext("%(label)s must be a number, like 12.5") % words
    if isinstance(field, forms.IntegerField):
        return gettext("%(label)s must be a whole number, like 15") % words
    if isinstance(field, (forms.DateField, forms.DateTimeField)):
        return gettext("%(label)s must be a real date, like 27 3 2026") % words
    if isinstance(field, forms.TimeField):
        return gettext("%(label)s must be a time, like 14:30") % words
    return None


def limit_messages(label: str) -> dict[str, str]:
    """Messages that the validator completes with its own limit, by code."""
    words = {"label": label.replace("%", "%%"), "limit": "%(limit_value)s"}
    return {
        "max_length": gettext("%(label)s must be %(limit)s characters or fewer") % words,
        "min_length": gettext("%(label)s must be %(limit)s characters or more") % words,
        "max_value": gettext("%(label)s must be %(limit)s or less") % words,
        "min_value": gettext("%(label)s must be %(limit)s or more") % words,
    }


def nhs_messages(field: forms.Field, name: str) -> dict[str, str]:
    """Error messages for the field, by code, built from its label."""
    label = str(field.label or name.replace("_", " ").capitalize())
    subject = gettext("Answer") if label.endswith("?") else label
    messages = {"required": required_message(field, label), "invalid": invalid_message(field, subject)}
    if isinstance(field, CHOICES):
        messages["invalid_choice"] = gettext("Select an answer from the list")
    if not isinstance(field, forms.FileField):
        messages |= limit_messages(subject)
    return {code: message for code, message in messages.items() if message}


def stock_messages(field: forms.Field) -> dict:
    """The messages that the field's classes bring with them, by code."""
    messages = {}
    for cls in reversed(type(field).__mro__):
        messages |= getattr(cls, "default_error_messages", {})
    return messages


def name_no_choice(field: forms.Field) -> None:
    """Words in place of Django's dashes, for a list from which nothing is chosen yet; radio buttons need none."""
    words = _("Choose from the list") if field.required else _("not chosen")
    # Rows are asked for when they are shown, so they are no list yet: a form may still name others.
    is_fixed = isinstance(field, forms.ChoiceField) and isinstance(field.choices, (list, BlankChoiceIterator))
    if is_fixed and field.required and isinstance(field.widget, forms.RadioSelect):
        field.choices = [choice for choice in field.choices if choice != NO_CHOICE]
    elif getattr(field, "empty_label", None) == NO_CHOICE[1]:
        field.empty_label = words
    elif is_fixed:
        field.choices = [("", words) if choice == NO_CHOICE else choice for choice in field.choices]


class NHSMessagesMixin:
    """Replaces Django's stock error messages. A message that the form's author wrote stays."""

    use_required_attribute = False  # the browser's own bubbles are not accessible: errors come from the server

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.name_fields()
        for name, field in self.fields.items():
            name_no_choice(field)
            stock = stock_messages(field)
            for code, message in nhs_messages(field, name).items():
                if code not in field.error_messages or field.error_messages[code] == stock.get(code):
                    field.error_messages[code] = message

    def name_fields(self):
        """Where a form that inherits its fields gives them better labels, before messages are made from these."""


class Form(NHSMessagesMixin, forms.Form):
    """The base of every form on a public or a members' page."""


class ModelForm(NHSMessagesMixin, forms.ModelForm):
    """The base of every model form on a public or a members' page."""


# Boxes above a list, and what a service refused --------------------------------------------------


class FilterForm(Form):
    """Filters of a list. Each can be left as it is. What is unknown in the address is left out: `left_out` says so.

    A form whose choices depend on the user sets them in `offer`, before the data is looked at.
    """

    def __init__(self, data, **offered):
        super().__init__(data)
        self.offer(**offered)
        self.left_out = not self.is_valid()
        if self.left_out:
            self.data = {name: value for name, value in data.items() if name not in self.errors}
            self.full_clean()

    def offer(self) -> None:
        """Set the choices."""

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


def add_errors(form, error: ValidationError) -> None:
    """Show what a service refused: beside the field where the form has it, else above the form."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, words in by_field.items():
        form.add_error(name if name in form.fields else None, words)


# Dates in three boxes ----------------------------------------------------------------------------

MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}


class DatePartsWidget(forms.MultiWidget):
    """Day, month and year, each in a labelled box. The attribute `wrong` names the parts to mark."""

    template_name = "nhsuk/widgets/date.html"
    use_fieldset = True
    parts = (("day", _("Day"), 2), ("month", _("Month"), 2), ("year", _("Year"), 4))

    def __init__(self, attrs=None):
        super().__init__([forms.TextInput() for _part in self.parts], attrs)

    def decompress(self, value):
        return [str(value.day), str(value.month), str(value.year)] if value else ["", "", ""]

    def get_context(self, name, value, attrs):
        wrong = (attrs or {}).pop("wrong", "").split()
        context = super().get_context(name, value, attrs)
        for box, (part, label, width) in zip(context["widget"]["subwidgets"], self.parts, strict=True):
            box |= {"label": label, "width": width, "wrong": part in wrong}
        return context


class DatePartsField(forms.MultiValueField):
    """A date from three boxes. Its errors name the wrong parts, in words and in `params["parts"]`."""

    widget = DatePartsWidget
    default_error_messages = {"required": _("Enter a date"), "invalid": _("Date must be a real date")}

    def __init__(self, **kwargs):
        kwargs.setdefault("require_all_fields", False)
        super().__init__(fields=[forms.CharField(required=False) for _part in DatePartsWidget.parts], **kwargs)

    def clean(self, value):
        given = [str(part or "").strip() for part in value or ["", "", ""]]
        if not any(given):
            if self.required:
                raise ValidationError(
                    self.error_messages["required"], code="required", params={"parts": ["day", "month", "year"]}
                )
            return None
        date = self.compress(given)
        self.validate(date)
        self.run_validators(date)
        return date

    def compress(self, given: list[str]) -> datetime.date:
        """The date, or a ValidationError that names the wrong parts."""
        self.refuse(_("%(label)s must include %(names)s"), [part for part, text in self.named(given) if not text])
        numbers = [
            int(text) if text.isdecimal() else MONTHS.get(text[:3].lower(), 0) * (part == "month")
            for part, text in self.named(given)
        ]
        day, month, year = numbers
        self.refuse(_("%(label)s must include a year of 4 numbers"), ["year"] if not 1000 <= year <= 9999 else [])
        wrong = [part for part, real in (("day", 1 <= day <= 31), ("month", 1 <= month <= 12)) if not real]
        self.refuse(_("%(label)s must be a real date"), wrong)
        if day > calendar.monthrange(year, month)[1]:
            self.refuse(_("%(label)s must be a real date"), ["day"])
        return datetime.date(year, month, day)

    def named(self, given: list[str]):
        return zip((part for part, _label, _width in DatePartsWidget.parts), given, strict=True)

    def refuse(self, message: str, parts: list[str]) -> None:
        """Raise the message when there are wrong parts."""
        if not parts:
            return
        articles = {"day": gettext("a day"), "month": gettext("a month"), "year": gettext("a year")}
        label = str(self.label or "")
        words = {
            "label": gettext("Date") if not label or label.endswith("?") else label,
            "names": get_text_list([articles[part] for part in parts], gettext("and")),
            "parts": parts,
        }
        raise ValidationError(message, code="invalid_parts", params=words)
