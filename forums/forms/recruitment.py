"""Forms about opportunities: filters, applications, and what staff decide."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import FilterForm, Form
from forums.models import Application, Opportunity
from people.models import Area, ConsentPurpose, ConsentWording, How, Person
from people.models.register import digits

FIRST_YEAR = 1900
LEAST_DIGITS = 7


def _open_places():
    """Places that open opportunities are in, and the larger places that these are part of."""
    here = Opportunity.objects.open()
    its_own, of_its_forum = here.values("area"), here.filter(area=None).values("forum__area")
    within = Q(pk__in=its_own) | Q(pk__in=of_its_forum)
    return Area.objects.filter(within | Q(children__in=Area.objects.filter(within))).distinct()


class OpportunityFilter(FilterForm):
    place = forms.ModelChoiceField(
        Area.objects.none(), label=_("Place"), required=False, to_field_name="slug", empty_label=_("All places")
    )
    topic = forms.ChoiceField(label=_("Topic"), required=False)

    def offer(self):
        self.fields["place"].queryset = _open_places()
        topics = Opportunity.objects.open().exclude(topic="").order_by("topic").values_list("topic", flat=True)
        self.fields["topic"].choices = [("", _("All topics")), *((topic, topic) for topic in topics.distinct())]

    def narrow(self, opportunities):
        """The opportunities that fit. One without a place of its own is where its forum is."""
        place, topic = self.cleaned_data["place"], self.cleaned_data["topic"]
        if place:
            inside = Q(area=place) | Q(area__parent=place)
            forum_inside = Q(forum__area=place) | Q(forum__area__parent=place)
            opportunities = opportunities.filter(inside | Q(area=None) & forum_inside)
        return opportunities.filter(topic=topic) if topic else opportunities


class MemberApplicationForm(Form):
    """What somebody writes who is known already."""

    form_token = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    statement = forms.CharField(
        label=_("Why would you like to take part?"),
        help_text=_("A few sentences are enough. You can say what you know from your own life."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=5000,
        error_messages={"required": _("Say why you would like to take part")},
    )


class ApplicationForm(MemberApplicationForm):
    """An application of somebody without an account. Each wording of a consent has a box of its own, unticked."""

    name = forms.CharField(label=_("Full name"), max_length=300, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Give an e-mail address or a telephone number, so that we can answer you."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "type": "tel"}),
    )
    birth_year = forms.IntegerField(label=_("Year of birth"), required=False, help_text=_("For example 1985."))
    postcode = forms.CharField(
        label=_("Postcode"),
        help_text=_("It shows us whether we hear from every place."),
        max_length=8,
        required=False,
        validators=Person._meta.get_field("postcode").validators,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    field_order = ["form_token", "name", "email", "phone", "birth_year", "postcode", "statement"]

    def __init__(self, *args, opportunity: Opportunity, wordings: list[ConsentWording], **kwargs):
        self.wordings = wordings
        super().__init__(*args, **kwargs)
        forum = opportunity.forum
        if forum and (forum.minimum_age is not None or forum.maximum_age is not None):
            self.fields["birth_year"].required = True
            self.fields["birth_year"].help_text = _("This forum has an age limit. For example 1985.")
        for wording in wordings:
            self.fields[f"consent_{wording.pk}"] = forms.BooleanField(
                label=wording.text, required=False, help_text=self.explained(wording)
            )

    def explained(self, wording: ConsentWording) -> str:
        if wording.purpose.code == ConsentPurpose.MEMBERSHIP:
            return gettext(
                "We answer your application in any case. We need this to write to you about the group later."
            )
        return gettext("You can leave this empty and still apply.")

    def clean_birth_year(self):
        year, this_year = self.cleaned_data["birth_year"], timezone.localdate().year
        if year is not None and not FIRST_YEAR <= year <= this_year:
            words = {"first": FIRST_YEAR, "last": this_year}
            raise ValidationError(gettext("Year of birth must be between %(first)s and %(last)s") % words)
        return year

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if phone and len(digits(phone)) < LEAST_DIGITS:
            raise ValidationError(gettext("Enter a telephone number, like 01632 960 001"))
        return phone

    def clean(self):
        values = super().clean()
        if not (values.get("email") or values.get("phone") or {"email", "phone"} & set(self.errors)):
            self.add_error("email", gettext("Enter an e-mail address or a telephone number"))
        return values

    @property
    def answers(self) -> dict:
        """What `services.recruitment.apply` takes: the fields, and the wordings whose box is ticked."""
        values = {name: value for name, value in self.cleaned_data.items() if not name.startswith("consent_")}
        ticked = [wording for wording in self.wordings if self.cleaned_data[f"consent_{wording.pk}"]]
        return values | {"wordings": ticked}


# Staff -------------------------------------------------------------------------------------------


class ReceivedApplicationForm(ApplicationForm):
    """An application that came on paper, by phone or in person, entered by staff."""

    how = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(way, way.label) for way in (How.PAPER, How.PHONE, How.EMAIL, How.IN_PERSON)],
        widget=forms.RadioSelect,
    )
    field_order = ["form_token", "how", *ApplicationForm.field_order[1:]]

    def explained(self, wording: ConsentWording) -> str:
        return gettext("Tick this only if the person has said so.")


class ApplicationFilter(FilterForm):
    opportunity = forms.ModelChoiceField(
        Opportunity.objects.none(), label=_("Opportunity"), required=False, empty_label=_("All opportunities")
    )
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Application.Status.choices])

    def offer(self, *, opportunities):
        self.fields["opportunity"].queryset = opportunities


class NotesForm(Form):
    notes = forms.CharField(
        label=_("Notes of the panel"),
        help_text=_("The person may ask to see them."),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=5000,
        required=False,
    )


class DeclineForm(Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is sent to the person as you write it."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        error_messages={"required": _("Say why: the person is told")},
    )


class AppointForm(Form):
    because = forms.CharField(
        label=_("How and why this person was chosen"),
        help_text=_("It is kept with the seat. The person may ask to see it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )
