"""What is asked of people who want another format or language, or our news."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, Form, add_errors
from people.forms.register import TOLD
from people.models import ConsentWording, Format, FormatRequest
from people.services import requests

BOX_OF = {"email": "email", "phone": "phone", "post": "address"}


class FormatForm(Form):
    """Ask for a page or a document in another format: what, how, and where to send it."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    path = forms.CharField(widget=forms.HiddenInput, required=False)
    what = forms.CharField(
        label=_("Which page or document would you like?"),
        help_text=_("For example “the annual report” or “the letter about the new clinic”."),
        max_length=300,
        required=False,
    )
    format = forms.ChoiceField(label=_("How would you like it?"), choices=Format.choices, widget=forms.RadioSelect)
    language = forms.CharField(label=_("Which language?"), max_length=100, required=False)
    details = forms.CharField(
        label=_("Is there more that we should know?"),
        help_text=_("For example the size of the letters. Do not write about your health."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
        required=False,
    )
    name = forms.CharField(label=_("Your name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    channel = forms.ChoiceField(
        label=_("How shall we get in touch?"),
        choices=[("email", _("By e-mail")), ("phone", _("By phone")), ("post", _("By post"))],
        widget=forms.RadioSelect,
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("If you chose e-mail."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        help_text=_("If you chose phone."),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    address = forms.CharField(
        label=_("Postal address, with the postcode"),
        help_text=_("If you chose post."),
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "street-address"}),
        max_length=500,
        required=False,
    )

    def clean_path(self):
        """The page that they came from. Anything that is no public page of ours is left out."""
        path = self.cleaned_data["path"]
        return path if requests.is_ours(path) else ""

    def clean(self):
        values = super().clean()
        if not (values.get("path") or values.get("what") or "what" in self.errors):
            self.add_error("what", gettext("Say which page or document it is about"))
        if values.get("format") == Format.LANGUAGE and not (values.get("language") or "language" in self.errors):
            self.add_error("language", gettext("Enter the language"))
        if values.get("format") == Format.OTHER and not (values.get("details") or "details" in self.errors):
            self.add_error("details", gettext("Say which format you need"))
        self._clean_contact(values)
        return values

    def _clean_contact(self, values):
        box = BOX_OF.get(values.get("channel"))
        if box is None or box in self.errors:
            return
        if not values.get(box):
            missing = {
                "email": gettext("Enter your e-mail address"),
                "phone": gettext("Enter your telephone number"),
                "address": gettext("Enter your postal address"),
            }
            self.add_error(box, missing[box])
            return
        try:
            requests.check_contact(values["channel"], values[box])
        except ValidationError as error:
            add_errors(self, error)

    @property
    def answers(self) -> dict:
        """What `services.requests.ask` takes: of the three ways to be reached only the one that was chosen."""
        values = dict(self.cleaned_data)
        boxes = {box: values.pop(box) for box in BOX_OF.values()}
        return values | {"contact": boxes[BOX_OF[values["channel"]]]}


class ReceivedFormatForm(FormatForm):
    """A request that came on paper, by phone or in person, entered by staff."""

    how = forms.ChoiceField(label=_("How did they ask?"), choices=TOLD, widget=forms.RadioSelect)
    field_order = ["form_token", "path", "how"]


class FormatFilter(FilterForm):
    """Which requests the list shows: all, what waits first, unless one state is chosen."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("late", _("Open, past their day")), *FormatRequest.State.choices],
    )
    format = forms.ChoiceField(label=_("Format"), required=False, choices=[("", _("All")), *Format.choices])

    def narrow(self, rows):
        state, kind = self.cleaned_data.get("state"), self.cleaned_data.get("format")
        if kind:
            rows = rows.filter(format=kind)
        if state == "late":
            return rows.overdue()
        return rows.filter(state=state) if state else rows


class SentForm(Form):
    settled_on = DatePartsField(label=_("Day on which it was sent"), initial=timezone.localdate)


class CouldNotForm(Form):
    reason = forms.CharField(
        label=_("Why could it not be made?"),
        help_text=_("Tell the person as well, and say what you can offer instead."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=1000,
    )


# Newsletter --------------------------------------------------------------------------------------


class NewsletterStopForm(Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))


class NewsletterForm(NewsletterStopForm):
    """Get our news: name, address, and the words to agree to, in a box that is not ticked."""

    name = forms.CharField(label=_("Full name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    agrees = forms.BooleanField(error_messages={"required": _("Tick the box if you agree to get our news")})
    field_order = ["name", "email", "agrees"]

    def __init__(self, *args, wording: ConsentWording, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agrees"].label = wording.text

    @property
    def answers(self) -> dict:
        """What `services.newsletter.ask_to_join` takes besides the wording."""
        return {name: self.cleaned_data[name] for name in ("name", "email")}
