"""Forms about assessments: beginning one, judging a dimension, taking a final one back; and a yardstick's target."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, Form, ModelForm, nhs_messages
from engagement.models import Activity, Period
from forums.models import Forum
from reporting.models import Assessment, Judgement, Level, Proof, Yardstick

BOXES = 3  # for pieces of evidence that are no activities, where the yardstick sets no limit


class BeginForm(Form):
    """What is judged when, and by whom."""

    period = forms.ModelChoiceField(Period.objects.years(), label=_("Year"))
    assessor = forms.ChoiceField(
        label=_("Who judges"), choices=Assessment.Assessor.choices, widget=forms.RadioSelect, initial="self"
    )
    forum = forms.ModelChoiceField(
        Forum.objects.order_by("name"),
        label=_("Group that judges"),
        required=False,
        help_text=_("Leave it empty where no group does."),
    )
    made_on = DatePartsField(label=_("Day on which it was made"), initial=timezone.localdate)


class LevelField(forms.ModelChoiceField):
    """Levels, each with what the body says that it looks like."""

    descriptors: dict[int, str] = {}

    def label_from_instance(self, level):
        words = self.descriptors.get(level.pk)
        return f"{level}: {words}" if words else str(level)


class ActivitiesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, activity):
        return f"{activity.title} ({activity.reference})"


class JudgementForm(Form):
    """How one dimension stands, what shows it and what is to follow."""

    level = LevelField(Level.objects.none(), label=_("Level"), widget=forms.RadioSelect, empty_label=None)
    text = forms.CharField(label=_("Why it is judged so"), widget=forms.Textarea(attrs={"rows": 5}), max_length=5000)
    gap = forms.CharField(
        label=_("What is missing"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=3000
    )
    next_step = forms.CharField(
        label=_("Next step"), required=False, widget=forms.Textarea(attrs={"rows": 3}), max_length=3000
    )
    owner = forms.CharField(
        label=_("Who sees to the next step"), required=False, max_length=120, help_text=_("A post, not a name.")
    )
    due_on = DatePartsField(label=_("Next step due on"), required=False)
    activities = ActivitiesField(
        Activity.objects.none(),
        label=_("Activities that show it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Activities of the year."),
    )

    def __init__(self, data=None, *, user, assessment, dimension, judgement=None):
        """`judgement` is what was said before, if anything."""
        proofs = list(judgement.proofs.all()) if judgement else []
        chosen = set(judgement.activities.values_list("pk", flat=True)) if judgement else set()
        super().__init__(data, initial=self._said(judgement, chosen, proofs))
        yardstick = assessment.yardstick
        if yardstick.kind == Yardstick.Kind.EVALUATION:
            del self.fields["level"]
        else:
            self.fields["level"].descriptors = dict(dimension.descriptors.values_list("level", "text"))
            self.fields["level"].queryset = yardstick.levels.all()
        mine = Activity.objects.for_user(user)
        year = mine.in_period(assessment.period).values("pk")
        offered = mine.filter(pk__in=year) | mine.filter(pk__in=chosen)
        self.fields["activities"].queryset = offered.order_by("reference")
        self.unseen = Activity.objects.filter(pk__in=chosen).exclude(pk__in=mine.values("pk"))
        self.boxes = max(len(proofs), yardstick.most_links or BOXES)
        for number in range(1, self.boxes + 1):
            self._add_box(number)

    @staticmethod
    def _said(judgement: Judgement | None, chosen: set[int], proofs: list[Proof]) -> dict:
        if judgement is None:
            return {}
        names = ("level", "text", "gap", "next_step", "owner", "due_on")
        said = {name: getattr(judgement, name) for name in names} | {"activities": chosen}
        for number, proof in enumerate(proofs, start=1):
            said |= {f"proof_{number}": proof.text, f"address_{number}": proof.url}
        return said

    def _add_box(self, number: int) -> None:
        label, address = gettext("Other evidence %(number)s"), gettext("Web address of evidence %(number)s")
        proof = forms.CharField(label=label % {"number": number}, required=False, max_length=300)
        url = forms.URLField(label=address % {"number": number}, required=False, assume_scheme="https", max_length=200)
        for name, field in ((f"proof_{number}", proof), (f"address_{number}", url)):
            field.error_messages |= nhs_messages(field, name)
            self.fields[name] = field

    def clean(self):
        for number in range(1, self.boxes + 1):
            if self.cleaned_data.get(f"address_{number}") and not self.cleaned_data.get(f"proof_{number}"):
                self.add_error(f"proof_{number}", _("Say what is to be found at this address"))
        return self.cleaned_data

    def given(self) -> dict:
        """What the service is told. Activities that the person may not open stay as they were."""
        kept = ("level", "text", "gap", "next_step", "owner", "due_on")
        said = {name: self.cleaned_data[name] for name in kept if name in self.fields}
        boxes = [(self.cleaned_data[f"proof_{n}"], self.cleaned_data[f"address_{n}"]) for n in range(1, self.boxes + 1)]
        said["proofs"] = [box for box in boxes if box[0]]
        return said | {"activities": [*self.cleaned_data["activities"], *self.unseen]}


class TakeBackForm(Form):
    because = forms.CharField(label=_("Why it is taken back"), widget=forms.Textarea(attrs={"rows": 3}), max_length=500)


class YardstickForm(ModelForm):
    """A yardstick in the admin: its target is one of its own levels, for no more dimensions than it has."""

    class Meta:
        model = Yardstick
        fields = ["code", "kind", "name", "meaning", "source", "most_links", "target_level", "target_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "target_level" in self.fields:
            own = Level.objects.filter(yardstick=self.instance.pk) if self.instance.pk else Level.objects.none()
            self.fields["target_level"].queryset = own

    def clean(self):
        super().clean()
        number = self.cleaned_data.get("target_number")
        if number is None:
            return
        if self.cleaned_data.get("target_level") is None:
            raise ValidationError({"target_level": _("Select the level that the target asks for")})
        if number < 1 or number > self.instance.dimensions.count():
            words = gettext("The target must be 1 to %(most)s, as many dimensions as there are")
            raise ValidationError({"target_number": words % {"most": self.instance.dimensions.count()}})
