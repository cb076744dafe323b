"""Forms of the register: a person, what they agreed to, what they need, and what became of a request."""

from copy import copy

from django import forms
from django.db.models import Q, Value
from django.db.models.functions import Replace
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core.forms import Form, ModelForm
from people.models import Area, Capacity, Consent, How, Person
from people.models.register import digits
from people.services import consents, register

TOLD = [each for each in How.choices if each[0] in (How.PAPER, How.PHONE, How.EMAIL, How.IN_PERSON)]
FEWEST_DIGITS = 4  # so much of a telephone number is worth searching for


def areas_of(user):
    """The places that a user works for."""
    areas = user.only_areas()
    return Area.objects.all() if areas is None else Area.objects.filter(pk__in=areas)


class PersonFilterForm(Form):
    """Whom the list shows. What is not understood narrows nothing."""

    q = forms.CharField(
        label=_("Search"), help_text=_("Name, e-mail address, telephone or postcode"), max_length=100, required=False
    )
    forum = forms.TypedChoiceField(label=_("On the forum"), coerce=int, required=False)
    area = forms.ModelChoiceField(Area.objects.none(), label=_("Lives in"), empty_label=_("Anywhere"), required=False)
    no_email = forms.BooleanField(label=_("Has no e-mail address"), required=False)
    under_18 = forms.BooleanField(label=_("Is under 18"), required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        seats = Person.objects.known().for_user(user).filter(memberships__isnull=False)
        forums = seats.order_by("memberships__forum__name").values_list(
            "memberships__forum", "memberships__forum__name"
        )
        self.fields["forum"].choices = [("", _("Any")), *forums.distinct()]
        self.fields["area"].queryset = areas_of(user)

    def narrow(self, people):
        self.is_valid()
        chosen = self.cleaned_data
        if q := chosen.get("q"):
            people = _search(people, q)
        if chosen.get("forum"):
            sits = Q(memberships__ended_on=None) | Q(memberships__ended_on__gt=timezone.localdate())
            people = people.filter(sits, memberships__forum=chosen["forum"]).distinct()
        if chosen.get("area"):
            people = people.filter(area=chosen["area"])
        if chosen.get("no_email"):
            people = people.filter(email="")
        return people.filter(adult_from__gt=timezone.localdate()) if chosen.get("under_18") else people


def _search(people, words: str):
    """Names and addresses as they are written; telephones and postcodes without their spaces."""
    found = Q(name__icontains=words) | Q(known_as__icontains=words) | Q(email__icontains=words)
    people = people.annotate(plain_postcode=Replace("postcode", Value(" "), Value("")))
    found |= Q(plain_postcode__icontains=words.replace(" ", ""))
    if len(digits(words)) >= FEWEST_DIGITS:
        people = people.annotate(plain_phone=Replace("phone", Value(" "), Value("")))
        number = digits(words)
        found |= Q(plain_phone__contains=number if len(number) == 10 else number.lstrip("0"))
    return people.filter(found)


class PersonForm(ModelForm):
    """One person on the register. What may not be changed here is said beside its box."""

    capacities = forms.MultipleChoiceField(
        label=_("Takes part as"), choices=Capacity.choices, widget=forms.CheckboxSelectMultiple, required=False
    )

    class Meta:
        model = Person
        fields = register.CHANGEABLE

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.on_record = copy(self.instance) if self.instance.pk else None
        self.fields["area"].queryset = areas_of(user)
        self.fields["area"].required = user.only_areas() is not None
        self.fields["address"].widget.attrs["rows"] = self.fields["connections"].widget.attrs["rows"] = 4
        if self.on_record:
            self.fields["capacities"].initial = [each.capacity for each in self.instance.capacities.all()]

    def clean(self):
        cleaned = super().clean()
        if self.on_record:
            register.check_change(self.on_record, cleaned)
        return cleaned


class ConsentForm(Form):
    """One consent given or taken back, as somebody told us."""

    what = forms.ChoiceField(label=_("What did they tell you?"), widget=forms.RadioSelect)
    how = forms.ChoiceField(label=_("How did they tell you?"), choices=TOLD, widget=forms.RadioSelect)
    given_by = forms.ChoiceField(
        label=_("Who told you?"), choices=Consent.By.choices, widget=forms.RadioSelect, initial=Consent.By.SELF
    )

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person
        self.in_force = consents.in_force(person)
        self.wordings = [
            wording for wording in consents.current_wordings() if wording.purpose.for_under_18 or not person.is_under_18
        ]
        self.fields["what"].choices = [*self._to_give(), *self._to_withdraw()]
        if not person.is_under_18:
            del self.fields["given_by"]

    def _to_give(self):
        words = gettext("They agree: %(purpose)s")
        for wording in self.wordings:
            current = self.in_force.get(wording.purpose_id)
            if current is None or current.wording_id != wording.pk:
                yield f"give-{wording.pk}", words % {"purpose": wording.purpose}

    def _to_withdraw(self):
        words = gettext("They no longer agree: %(purpose)s")
        for consent in self.in_force.values():
            yield f"withdraw-{consent.purpose_id}", words % {"purpose": consent.wording.purpose}

    def save(self, *, by) -> None:
        """Record it. Raises ValidationError where the rules have changed since the page was shown."""
        act, _dash, number = self.cleaned_data["what"].partition("-")
        how = self.cleaned_data["how"]
        if act == "withdraw":
            consents.withdraw(self.person, self.in_force[int(number)].wording.purpose, how=how, by=by)
            return
        wording = next(each for each in self.wordings if each.pk == int(number))
        given_by = self.cleaned_data.get("given_by", Consent.By.SELF)
        consents.give(self.person, wording, how=how, by=by, given_by=given_by)


class ErasureAskForm(Form):
    """Somebody asked to be erased."""

    how = forms.ChoiceField(label=_("How did they ask?"), choices=TOLD, widget=forms.RadioSelect)


class RefusalForm(Form):
    """Why somebody is not erased. They are told."""

    reason = forms.CharField(
        label=pgettext_lazy("of a refusal", "Why not?"),
        help_text=_("The person is told this. Write it in plain words."),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
    )
