"""Who sits where, and on which days a forum meets."""

import datetime

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form
from forums.documents.dates import Proposal
from forums.documents.rules import words_for
from forums.models import Forum, ForumLink, Membership, SeatRole
from people.models import Organisation, Person, User

MOST_FOUND = 50


def people_called(words: str, user: User) -> list[Person]:
    """People of the user's areas whose name holds the words, at most 50."""
    if not words.strip():
        return []
    return list(Person.objects.for_user(user).known().filter(name__icontains=words.strip())[:MOST_FOUND])


class SearchForm(Form):
    q = forms.CharField(label=_("Name"), max_length=100, required=False)


class AppointForm(Form):
    """A seat for somebody. Only the people found are offered; only people of the user's areas are accepted."""

    person = forms.ModelChoiceField(label=_("Person"), queryset=Person.objects.none())
    role = forms.ModelChoiceField(label=_("Role"), queryset=SeatRole.objects.all())
    represents = forms.ModelChoiceField(
        label=_("Represents the forum"), queryset=Forum.objects.none(), required=False, empty_label=_("No forum")
    )
    organisation = forms.ModelChoiceField(
        label=_("Represents the organisation"),
        queryset=Organisation.objects.all(),
        required=False,
        empty_label=_("No organisation"),
    )
    started_on = DatePartsField(label=_("First day"))
    term_ends_on = DatePartsField(label=_("Last day of the term"), required=False)

    def __init__(self, *args, forum: Forum, user: User, found: list[Person], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = Person.objects.for_user(user).known()
        self.fields["person"].choices = [("", gettext("Select a person"))] + [
            (person.pk, self._label(person)) for person in found
        ]
        sends = Q(links__to_forum=forum, links__kind=ForumLink.Kind.REPRESENTED_ON)
        named = Q(pk__in=forum.seat_rules.values("from_forum"))
        self.fields["represents"].queryset = Forum.objects.filter(sends | named).distinct()
        self.fields["started_on"].initial = timezone.localdate()

    @staticmethod
    def _label(person: Person) -> str:
        words = [person.name, person.postcode] + [gettext("under 18")] * person.is_under_18
        return ", ".join(word for word in words if word)


class LeaveForm(Form):
    left_because = forms.ChoiceField(label=_("Why"), choices=Membership.Left.choices, widget=forms.RadioSelect)
    ended_on = DatePartsField(label=_("Last day"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["ended_on"].initial = timezone.localdate()


class SeatDatesForm(Form):
    accepted_on = DatePartsField(label=_("Role description accepted on"), required=False)
    inducted_on = DatePartsField(label=_("Induction done on"), required=False)


class MeetingDaysForm(Form):
    """Days to draft meetings on. One that has its meeting already is accepted too: sent twice, nothing is wrong."""

    days = forms.TypedMultipleChoiceField(
        label=_("Days"), widget=forms.CheckboxSelectMultiple, coerce=datetime.date.fromisoformat
    )

    def __init__(self, *args, proposed: list[Proposal], drafted: list, **kwargs):
        super().__init__(*args, **kwargs)
        offered = [(each.on.isoformat(), f"{each.on:%A} {words_for(each.on)}, {each.why}") for each in proposed]
        self.fields["days"].choices = offered
        self.initial["days"] = [value for value, _label in offered]
        if self.is_bound:
            self.fields["days"].choices = offered + [(day.isoformat(), words_for(day)) for day in drafted]
