"""What the NHS form templates and components ask of fields and pages."""

from django import forms, template

from core.forms import DatePartsWidget

register = template.Library()

KINDS = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.Textarea, "textarea"),
    (forms.Select, "select"),
    (forms.FileInput, "file-upload"),
    (DatePartsWidget, "date-input"),
    (forms.MultiWidget, "group"),
)
GROUPS = ("radios", "checkboxes", "date-input", "group")
CONTROL_CLASS = {
    "checkbox": "nhsuk-checkboxes__input",
    "file-upload": "nhsuk-file-upload__input",
    "group": "nhsuk-input nhsuk-input--width-10",
}


@register.filter
def nhsuk_kind(field):
    """The NHS component that the field is: `input`, `radios`, `date-input` …"""
    for widget, kind in KINDS:
        if isinstance(field.field.widget, widget):
            return kind
    return "input"


@register.filter
def is_group(field):
    """Whether the field is several controls under one legend."""
    return nhsuk_kind(field) in GROUPS


@register.filter
def character_limit(field):
    """How many characters a textarea takes, or None: with a limit it is an NHS character count."""
    return field.field.max_length if nhsuk_kind(field) == "textarea" and hasattr(field.field, "max_length") else None


def wrong_parts(field):
    """The parts of a date that its errors name. An error that names none is about all of them."""
    named = []
    for error in field.form.errors.as_data().get(field.name, ()):
        named += (error.params or {}).get("parts", ["day", "month", "year"])
    return named


def type_numbers_as_text(field):
    """The attributes of a number's text box, which stands for `type=number`: the spinner changes values by accident."""
    if not isinstance(field.field, (forms.IntegerField, forms.DecimalField)) or nhsuk_kind(field) != "input":
        return {}
    field.field.widget.input_type = "text"
    whole = not isinstance(field.field, (forms.DecimalField, forms.FloatField))
    return {
        "inputmode": "numeric" if whole else "decimal",
        "spellcheck": "false",
        "min": False,
        "max": False,
        "step": False,
    }


@register.simple_tag
def nhsuk_widget(field):
    """The field's control with its NHS classes. Django itself adds aria-describedby and aria-invalid."""
    kind = nhsuk_kind(field)
    if kind == "date-input":
        return field.as_widget(attrs={"wrong": " ".join(wrong_parts(field))})
    names = [field.field.widget.attrs.get("class", ""), CONTROL_CLASS.get(kind, f"nhsuk-{kind}")]
    if field.errors and kind in ("input", "textarea", "select"):
        names.append(f"nhsuk-{kind}--error")
    attrs = type_numbers_as_text(field) | {"placeholder": False}
    if character_limit(field):
        names.append("nhsuk-js-character-count")
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}-info".strip()
        attrs["maxlength"] = False  # nothing that is pasted may be cut off unseen: the server says what is too long
    return field.as_widget(attrs=attrs | {"class": " ".join(name for name in names if name)})


def first_id(field):
    """The id of the control that a link in the error summary goes to."""
    kind = nhsuk_kind(field)
    if kind == "date-input":
        parts = [part for part, _label, _width in DatePartsWidget.parts]
        return f"{field.auto_id}_{min(parts.index(part) for part in wrong_parts(field))}"
    return f"{field.auto_id}_0" if kind in GROUPS else field.id_for_label or field.auto_id


@register.inclusion_tag("nhsuk/error_summary.html")
def error_summary(*form_or_formsets):
    """Every error on the page, each linked to the control it is about."""
    rows = []
    for each in form_or_formsets:
        if not each or not each.is_bound:
            continue
        if hasattr(each, "non_form_errors"):
            rows += [(None, error) for error in each.non_form_errors()]
        for form in getattr(each, "forms", [each]):
            rows += [(None, error) for error in form.non_field_errors()]
            rows += [(None if field.is_hidden else first_id(field), error) for field in form for error in field.errors]
    return {"rows": rows}


@register.filter
def page_numbers(page):
    """The page numbers to print, with an ellipsis where some are left out."""
    return page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)


@register.filter
def is_number(value):
    """Whether a page number is one, and not the ellipsis."""
    return isinstance(value, int)
