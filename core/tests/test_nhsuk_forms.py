"""The NHS form pack, its messages, dates in three boxes, and the vendored NHS.UK frontend."""

import datetime
import re
from pathlib import Path

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, ButtonHolder, Column, Div, Field, Fieldset, Layout, MultiField, Row, Submit
from crispy_forms.utils import render_crispy_form
from django import forms
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.paginator import Paginator
from django.db.models.fields import BLANK_CHOICE_DASH
from django.forms import formset_factory
from django.template import Context, Template
from django.test import RequestFactory

from core.forms import DatePartsField, Form, in_a_sentence
from core.templatetags.nhsuk_forms import page_numbers

STATIC = Path(settings.BASE_DIR) / "static"
VENDORED = STATIC / "nhsuk-10.6.1"


class Booking(Form):
    full_name = forms.CharField(max_length=10, help_text="As on your letter.")
    email = forms.EmailField(label="Email address")
    story = forms.CharField(label="What happened?", widget=forms.Textarea, max_length=50, required=False)
    kind = forms.ChoiceField(label="Type of activity", choices=[("survey", "Survey"), ("visit", "Visit")])
    place = forms.ChoiceField(widget=forms.RadioSelect, choices=[("harlow", "Harlow"), ("epping", "Epping")])
    groups = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple, choices=[("carers", "Carers")], required=False
    )
    closes_on = DatePartsField(label="Closing date")
    places = forms.IntegerField(label="Places", min_value=5, required=False)
    budget = forms.DecimalField(label="Budget", required=False)
    opens_at = forms.SplitDateTimeField(label="Opens", required=False)
    paper = forms.FileField(required=False)
    agree = forms.BooleanField(label="I agree that you keep this")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


class Closing(Form):
    closes_on = DatePartsField(label="Closing date")


def closing(day: str, month: str, year: str) -> Closing:
    return Closing({"closes_on_0": day, "closes_on_1": month, "closes_on_2": year})


def summary(*each) -> str:
    tags = " ".join(f"form{number}" for number in range(len(each)))
    template = Template(f"{{% load nhsuk_forms %}}{{% error_summary {tags} %}}")
    return template.render(Context({f"form{number}": form for number, form in enumerate(each)}))


def links(html: str) -> list[tuple[str, str]]:
    return re.findall(r'<a href="#([^"]+)">([^<]+)</a>', html)


def box_classes(form: Form, part: int) -> str:
    return re.search(rf'<input class="([^"]+)" id="id_closes_on_{part}"', str(form)).group(1)


def test_every_error_in_the_summary_leads_to_a_control_on_the_page():
    form = Booking({"full_name": "Somebody with a long name", "email": "nobody"})
    page = str(form)
    assert links(summary(form)) == [
        ("id_full_name", "Full name must be 10 characters or fewer"),
        ("id_email", "Enter an email address in the correct format, like name@example.com"),
        ("id_kind", "Select type of activity"),
        ("id_place_0", "Select place"),
        ("id_closes_on_0", "Enter closing date"),
        ("id_agree", "Select I agree that you keep this"),
    ]
    assert [target for target, _text in links(summary(form)) if f'id="{target}"' not in page] == []


def test_an_error_without_a_field_stands_in_the_summary_without_a_link():
    form = Closing({"closes_on_0": "1", "closes_on_1": "2", "closes_on_2": "2026"})
    form.add_error(None, "The meeting is full")
    assert "<li>The meeting is full</li>" in summary(form)


def test_an_untouched_form_has_no_summary():
    assert summary(Booking()).strip() == ""


def test_the_summary_of_a_formset_holds_the_errors_of_each_form():
    formset = formset_factory(Closing, extra=0, max_num=1, validate_max=True)
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-closes_on_0": "1", "form-1-closes_on_0": "40"}
    filled = formset(data | {"form-1-closes_on_1": "1", "form-1-closes_on_2": "2026"})
    assert links(summary(filled)) == [
        ("id_form-0-closes_on_1", "Closing date must include a month and a year"),
        ("id_form-1-closes_on_0", "Closing date must be a real date"),
    ]
    assert "Please submit at most 1 form." in summary(filled)


def test_a_control_names_its_hint_and_its_error():
    html = str(Booking({}))
    assert 'aria-describedby="id_full_name_helptext id_full_name_error"' in html
    assert 'id="id_full_name_helptext"' in html
    assert 'id="id_full_name_error"' in html


def test_a_long_answer_counts_its_characters():
    html = str(Booking())
    assert 'data-module="nhsuk-character-count" data-maxlength="50"' in html
    assert 'aria-describedby="id_story-info"' in html
    assert "You can enter up to 50 characters" in html


def test_a_number_is_typed_into_a_text_box():
    html = str(Booking())
    assert re.search(r'<input type="text" name="places"[^>]*inputmode="numeric"', html)
    assert re.search(r'<input type="text" name="budget"[^>]*inputmode="decimal"', html)


@pytest.mark.parametrize(
    ("label", "sentence"),
    [
        ("Full name", "full name"),
        ("NHS number", "NHS number"),
        ("I agree", "I agree"),
        ("A reason", "a reason"),
        ("", ""),
    ],
)
def test_a_label_within_a_sentence_keeps_the_capitals_that_belong_to_it(label, sentence):
    assert in_a_sentence(label) == sentence


class Every(Form):
    site = forms.URLField(label="Website", assume_scheme="https")
    day = forms.DateField(label="Day")
    hour = forms.TimeField(label="Start")
    count = forms.IntegerField(label="People")
    rate = forms.FloatField(label="Rate")
    report = forms.FileField(label="Report")
    why = forms.CharField(label="Why did you come?", min_length=3)
    area = forms.ChoiceField(choices=[("a", "A")], error_messages={"required": "Say which area"})


def test_messages_say_what_to_do():
    data = {"site": "x y", "day": "soon", "hour": "late", "count": "few", "rate": "much", "why": "", "area": ""}
    assert Every(data).errors == {
        "site": ["Enter a web address in the correct format, like https://www.example.org"],
        "day": ["Day must be a real date, like 27 3 2026"],
        "hour": ["Start must be a time, like 14:30"],
        "count": ["People must be a whole number, like 15"],
        "rate": ["Rate must be a number, like 12.5"],
        "report": ["Choose a file for report"],
        "why": ["Answer the question “Why did you come?”"],
        "area": ["Say which area"],
    }


def test_messages_about_limits_name_the_limit():
    form = Every({"why": "so", "area": "z"}, {"report": SimpleUploadedFile("empty.txt", b"")})
    assert form.errors["why"] == ["Answer must be 3 characters or more"]
    assert form.errors["area"] == ["Select an answer from the list"]
    assert Booking({"places": "2"}).errors["places"] == ["Places must be 5 or more"]


def test_three_good_boxes_make_a_date():
    assert closing("7", "3", "2026").is_valid()
    assert closing("7", "3", "2026").fields["closes_on"].clean(["7", "March", "2026"]) == datetime.date(2026, 3, 7)


@pytest.mark.parametrize(
    ("boxes", "message", "wrong"),
    [
        (("", "", ""), "Enter closing date", [0, 1, 2]),
        (("", "3", "2026"), "Closing date must include a day", [0]),
        (("7", "", ""), "Closing date must include a month and a year", [1, 2]),
        (("7", "3", "26"), "Closing date must include a year of 4 numbers", [2]),
        (("7", "13", "2026"), "Closing date must be a real date", [1]),
        (("seven", "13", "2026"), "Closing date must be a real date", [0, 1]),
        (("30", "2", "2026"), "Closing date must be a real date", [0]),
        (("²", "3", "2026"), "Closing date must be a real date", [0]),
    ],
)
def test_an_error_in_a_date_marks_only_the_wrong_parts(boxes, message, wrong):
    form = closing(*boxes)
    assert form.errors == {"closes_on": [message]}
    assert [part for part in range(3) if "nhsuk-input--error" in box_classes(form, part)] == wrong
    assert links(summary(form)) == [(f"id_closes_on_{wrong[0]}", message)]


def test_an_optional_date_may_be_left_out():
    class Optional(Form):
        closes_on = DatePartsField(required=False)

    form = Optional({})
    assert form.is_valid()
    assert form.cleaned_data == {"closes_on": None}


def test_a_date_without_a_label_of_its_own_is_called_date():
    with pytest.raises(forms.ValidationError, match="Date must include a day"):
        DatePartsField().clean(["", "3", "2026"])


def test_a_date_that_was_stored_fills_the_boxes_and_has_not_changed():
    form = Closing(
        {"closes_on_0": "7", "closes_on_1": "3", "closes_on_2": "2026"},
        initial={"closes_on": datetime.date(2026, 3, 7)},
    )
    assert not form.has_changed()
    assert 'value="2026"' in str(Closing(initial={"closes_on": datetime.date(2026, 3, 7)}))


def test_a_validator_of_a_date_marks_every_part():
    def not_today(value):
        raise forms.ValidationError("Closing date must be in the future")

    class Future(Form):
        closes_on = DatePartsField(validators=[not_today])

    form = Future({"closes_on_0": "7", "closes_on_1": "3", "closes_on_2": "2026"})
    assert form.errors == {"closes_on": ["Closing date must be in the future"]}
    assert [part for part in range(3) if "nhsuk-input--error" in box_classes(form, part)] == [0, 1, 2]


def test_the_crispy_pack_renders_every_layout_object():
    form = Booking({})
    form.helper = FormHelper()
    form.helper.layout = Layout(
        Fieldset("Who", Row(Column("full_name"), Column(Field("email")))),
        Div(MultiField("What", "story", "kind"), "place", "groups", css_class="what"),
        HTML("<p>One more thing</p>"),
        ButtonHolder(Submit("save", "Save")),
    )
    form.helper.add_input(Submit("send", "Send", css_class="secondary"))
    html = render_crispy_form(form)
    assert html.count("nhsuk-error-summary__heading") == 1
    assert html.count('class="nhsuk-grid-column-one-half"') == 2
    assert 'class="nhsuk-button nhsuk-button--secondary"' in html
    assert [
        name for name in ("full_name", "email", "story", "kind", "place", "groups") if f'name="{name}"' not in html
    ] == []
    assert "novalidate" in html


def test_the_crispy_pack_renders_a_form_and_a_formset_without_a_layout():
    formset = formset_factory(Closing, extra=2)()
    html = Template("{% load crispy_forms_tags %}{{ form|crispy }}{{ formset|crispy }}{% crispy formset %}").render(
        Context({"form": Booking(), "formset": formset})
    )
    assert html.count('id="id_full_name"') == 1
    assert html.count('name="form-TOTAL_FORMS"') == 2
    assert html.count('id="id_form-1-closes_on_2"') == 2


def test_pages_are_numbered_with_gaps_and_the_query_is_kept():
    page = Paginator(range(100), 5).page(10)
    assert [str(number) for number in page_numbers(page)] == ["1", "…", "9", "10", "11", "…", "20"]
    request = RequestFactory().get("/", {"q": "a & b", "page": "10"})
    html = Template('{% include "components/pagination.html" with page=page only %}').render(
        _request_context(request, {"page": page})
    )
    assert 'href="?q=a+%26+b&amp;page=11" class="nhsuk-pagination__next"' in html
    assert html.count('aria-current="page"') == 1


def _request_context(request, values):
    context = Context(values)
    context.request = request
    return context


def test_the_vendored_files_are_of_the_version_that_their_folder_and_readme_name():
    css = (VENDORED / "nhsuk-frontend.min.css").read_text()
    script = (VENDORED / "nhsuk-frontend.min.js").read_text()
    assert '--nhsuk-frontend-version:"10.6.1"' in css
    assert '"10.6.1"' in script
    assert "# NHS.UK frontend 10.6.1" in (VENDORED / "README.md").read_text()
    assert [folder.name for folder in STATIC.glob("nhsuk-*")] == ["nhsuk-10.6.1"]
    assert "nhsuk-10.6.1/" in (STATIC / "app.js").read_text()


def test_no_style_sheet_names_another_server_or_a_missing_file():
    for sheet in (VENDORED / "nhsuk-frontend.min.css", STATIC / "app.css", STATIC / "admin-nhs.css"):
        addresses = re.findall(r"""url\(["']?([^)"']+)""", sheet.read_text())
        assert [address for address in addresses if "//" in address or not (sheet.parent / address).is_file()] == []
        assert "frutiger" not in sheet.read_text().lower()


def test_no_page_but_a_printed_report_holds_an_inline_style_or_handler():
    inline = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*(?:\ssrc=|application/json))")
    pages = (Path(settings.BASE_DIR) / "templates").rglob("*.html")
    found = [path.name for path in pages if inline.search(path.read_text())]
    assert sorted(found) == ["document.html", "draft.html"]  # files of their own, with their own policy


@pytest.mark.parametrize(("is_required", "words"), [(True, "Choose from the list"), (False, "not chosen")])
def test_a_list_from_which_nothing_is_chosen_says_so(is_required, words):
    blank, kinds = BLANK_CHOICE_DASH[0], [("a", "Survey")]

    class Chosen(Form):
        kind = forms.ChoiceField(choices=[blank, *kinds], required=is_required)
        own = forms.ChoiceField(choices=[("", "Anywhere"), *kinds], required=is_required)

    form = Chosen()
    assert form.fields["kind"].choices == [("", words), *kinds]
    assert form.fields["own"].choices == [("", "Anywhere"), *kinds]


def test_radio_buttons_have_none_for_nothing_chosen_where_an_answer_is_needed():
    class Chosen(Form):
        kind = forms.ChoiceField(choices=[BLANK_CHOICE_DASH[0], ("a", "Survey")], widget=forms.RadioSelect)
        maybe = forms.ChoiceField(
            choices=[BLANK_CHOICE_DASH[0], ("a", "Survey")], widget=forms.RadioSelect, required=False
        )

    form = Chosen({})
    assert form.fields["kind"].widget.choices == form.fields["kind"].choices == [("a", "Survey")]
    assert form.fields["maybe"].choices == [("", "not chosen"), ("a", "Survey")]
    assert list(form.errors) == ["kind"]


def test_a_list_of_rows_from_which_nothing_is_chosen_says_so():
    class Chosen(Form):
        group = forms.ModelChoiceField(Group.objects.none())
        other = forms.ModelChoiceField(Group.objects.none(), empty_label="All groups", required=False)

    form = Chosen()
    assert [form.fields[name].empty_label for name in ("group", "other")] == ["Choose from the list", "All groups"]
