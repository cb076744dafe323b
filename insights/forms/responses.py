"""Forms about answers: the admin's, the staff pages', and the boxes above their list."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.forms import Textarea
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core import forms as core_forms
from core.forms import DatePartsField, FilterForm, Form
from engagement.models import Activity, IssueRaised, Project, Topic
from insights.models import Decision, Finding, Reason, Response, ResponseFormat, Status, Theme
from insights.services.responses import check
from people.models import Organisation, PopulationGroup

NO_NAMES = _("Do not write anybody’s name or anything that shows who they are. Everybody will read this.")
CHECKED = ("status", "we_did", "reason", "reason_code")


class WordsBearStatusOut:
    """The service's own rule about the words of a status, said beside the field that it is about."""

    def clean(self):
        cleaned = super().clean()
        if set(CHECKED) <= cleaned.keys():
            try:
                check(**{name: cleaned[name] for name in CHECKED}, review_found=cleaned.get("review_found"))
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class ResponseForm(WordsBearStatusOut, forms.ModelForm):
    """An answer in the admin."""

    evidence_link = forms.URLField(
        label=_("Where that can be seen"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Response
        fields = [
            *("activity", "topic", "you_said", "people", "groups", "status", "we_did", "reason_code", "reason"),
            *("promised_for", "next_update_on", "heard_on", "done_on", "evidence", "evidence_link", "review_found"),
            *("responsible", "responsible_post"),
        ]
        widgets = {
            name: Textarea(attrs={"rows": 4}) for name in ("you_said", "we_did", "reason", "evidence", "review_found")
        }


class Part:
    """Some fields of a long form under one heading."""

    def __init__(self, form: forms.Form, title: str, names: tuple[str, ...]):
        self.title = title
        self.fields = [form[name] for name in names if name in form.fields]


class ThemeField(forms.ModelMultipleChoiceField):
    """Themes of all frames, each with the one that it belongs to."""

    def label_from_instance(self, theme):
        return f"{theme} ({theme.category})" if theme.category else str(theme)


class AnswerForm(WordsBearStatusOut, core_forms.ModelForm):
    """One “you said, we did” of an activity. What people said and the topic stay once everybody can read them."""

    parts_of_it = (
        (_("What people said"), ("topic", "you_said", "heard_on", "people", "groups", "themes", "findings", "issues")),
        (_("What came of it"), ("status", "we_did", "done_on", "evidence", "evidence_link", "review_found")),
        (_("Where it could not be done"), ("reason_code", "reason")),
        (_("Who sees to it, and by when"), ("responsible", "responsible_post", "promised_for", "next_update_on")),
        (_("What it belongs to"), ("decision", "project", "also_answers")),
    )
    heard_on = DatePartsField(label=_("Heard on"), required=False)
    done_on = DatePartsField(label=_("Done on"), required=False)
    promised_for = DatePartsField(label=_("Promised for"), required=False)
    next_update_on = DatePartsField(label=_("Next update by"), required=False)
    evidence_link = forms.URLField(
        label=_("Where that can be seen"), required=False, max_length=200, assume_scheme="https"
    )
    themes = ThemeField(
        Theme.objects.in_use().counted(), label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Response
        fields = [
            *("topic", "you_said", "heard_on", "people", "groups", "themes", "findings", "issues"),
            *("status", "we_did", "done_on", "evidence", "evidence_link", "review_found", "reason_code", "reason"),
            *("responsible", "responsible_post", "promised_for", "next_update_on"),
            *("decision", "project", "also_answers"),
        ]
        widgets = {
            name: Textarea(attrs={"rows": 4}) for name in ("you_said", "we_did", "reason", "evidence", "review_found")
        } | {"groups": forms.CheckboxSelectMultiple, "issues": forms.CheckboxSelectMultiple}
        labels = {
            "topic": _("Topic"),
            "you_said": _("You said"),
            "people": _("How many people said it"),
            "groups": _("Who said it"),
            "findings": _("Findings that it answers"),
            "issues": _("Issues that it answers"),
            "status": _("Status"),
            "we_did": _("We did, are doing or have promised"),
            "evidence": _("What shows that it was done"),
            "review_found": _("What looking again found"),
            "reason_code": _("Kind of reason"),
            "reason": _("Why we could not"),
            "responsible": _("Organisation that has to act"),
            "responsible_post": _("Who sees to it (a post)"),
            "decision": _("Decision it follows from"),
            "project": _("Project"),
            "also_answers": _("Other activities that it answers"),
        }
        help_texts = {
            "you_said": NO_NAMES,
            "people": _("In figures, as it is known: 12, about 40, over 30."),
            "we_did": _("Begin with what changed: who did what, where and when."),
            "evidence": _("A letter, a photograph, a report, a count. Needed before “done” is published."),
        }

    def __init__(self, *args, activity: Activity, user, **kwargs):
        super().__init__(*args, **kwargs)
        issues = IssueRaised.objects.for_user(user).filter(activity=activity)
        self._offer("also_answers", Activity.objects.for_user(user).exclude(pk=activity.pk))
        self._offer("project", Project.objects.for_user(user))
        self._offer("decision", Decision.objects.for_user(user))
        self._offer("findings", Finding.objects.for_user(user).agreed())
        self._offer("themes", Theme.objects.in_use().counted())
        self._offer("issues", issues)
        if self.instance.is_published:
            del self.fields["topic"], self.fields["you_said"]
        if not self.instance.pk:
            del self.fields["review_found"]

    def _offer(self, name: str, rows) -> None:
        """Offer some rows, and those that the answer has already: saving takes nothing away that nobody unticked.

        Where there is nothing to choose from there is no field.
        """
        held = Q(answers=self.instance.pk) if self.instance.pk else Q(pk__in=[])
        if name == "also_answers":
            held = Q(further_answers=self.instance.pk) if self.instance.pk else held
        choices = rows.model.objects.filter(Q(pk__in=rows.values("pk")) | held).distinct()
        if choices.exists():
            self.fields[name].queryset = choices
        else:
            del self.fields[name]

    @property
    def parts(self) -> list[Part]:
        return [Part(self, title, names) for title, names in self.parts_of_it]


class StatusForm(Form):
    """The next step of an answer, in public: what is new, and what shows it."""

    status = forms.ChoiceField(label=_("Status"), choices=Status.choices)
    note = forms.CharField(
        label=_("What is new"), max_length=300, required=False, help_text=_("Public, beside today’s date.")
    )
    done_on = DatePartsField(label=_("Done on"), required=False, help_text=_("Where it is done."))
    evidence = forms.CharField(
        label=_("What shows that it was done"), required=False, widget=Textarea(attrs={"rows": 3}), max_length=4000
    )
    evidence_link = forms.URLField(
        label=_("Where that can be seen"), required=False, max_length=200, assume_scheme="https"
    )
    review_found = forms.CharField(
        label=_("What looking again found"), required=False, widget=Textarea(attrs={"rows": 3}), max_length=4000
    )
    reason_code = forms.ChoiceField(
        label=_("Kind of reason"), choices=[("", _("not chosen")), *Reason.choices], required=False
    )
    reason = forms.CharField(
        label=_("Why we could not"), required=False, widget=Textarea(attrs={"rows": 3}), max_length=4000
    )
    promised_for = DatePartsField(label=_("Promised for"), required=False)
    next_update_on = DatePartsField(label=_("Next update by"), required=False)

    NAMES = ("done_on", "evidence", "evidence_link", "review_found", "reason_code", "reason")
    NAMES += ("promised_for", "next_update_on")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("done_on") and cleaned["done_on"] > timezone.localdate():
            self.add_error("done_on", _("The day on which it was done must not be in the future"))
        return cleaned


class FormatForm(core_forms.ModelForm):
    """An answer in another format or language: its words, or where they can be had."""

    link = forms.URLField(label=_("Address"), required=False, max_length=200, assume_scheme="https")

    class Meta:
        model = ResponseFormat
        fields = ["file_format", "language", "text", "link"]
        widgets = {"text": Textarea(attrs={"rows": 8})}
        labels = {"file_format": _("Format"), "language": _("Language"), "text": _("Words")}
        help_texts = {"text": _("Write the words, or give the address of a file or a film.")}


class AnswerFilter(FilterForm):
    """Which answers the list of staff shows."""

    q = forms.CharField(label=_("Words"), required=False, max_length=100)
    status = forms.ChoiceField(label=_("Status"), required=False, choices=[("", _("All")), *Status.choices])
    published = forms.ChoiceField(
        label=_("Published"),
        required=False,
        choices=[("", _("All")), ("yes", _("Published")), ("no", _("Not published"))],
    )
    lacks = forms.ChoiceField(
        label=_("Lacks"),
        required=False,
        choices=[
            ("", _("Anything")),
            ("evidence", _("What shows that it was done")),
            ("responsible", _("Who sees to it")),
            ("day", _("A day for what is promised")),
            ("reason_code", _("The kind of reason")),
        ],
    )
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))
    group = forms.ModelChoiceField(
        PopulationGroup.objects.none(), label=_("Who said it"), required=False, empty_label=_("All")
    )
    responsible = forms.ModelChoiceField(
        Organisation.objects.none(), label=_("Who has to act"), required=False, empty_label=_("All")
    )

    LACKS = {
        "evidence": Q(status__in=[Status.DONE, Status.REVIEWED], evidence="", evidence_link=""),
        "responsible": Q(responsible=None, responsible_post=""),
        "day": Q(status__in=[Status.PROMISED, Status.UNDER_WAY], promised_for=None, next_update_on=None),
        "reason_code": Q(status=Status.COULD_NOT, reason_code=""),
    }

    def offer(self, *, answers):
        self.fields["topic"].queryset = Topic.objects.filter(pk__in=answers.values("topic"))
        self.fields["group"].queryset = PopulationGroup.objects.filter(pk__in=answers.values("groups"))
        self.fields["responsible"].queryset = Organisation.objects.filter(pk__in=answers.values("responsible"))

    def narrow(self, answers):
        """The answers that are left."""
        chosen = self.cleaned_data
        for name in ("status", "topic", "responsible"):
            if chosen.get(name):
                answers = answers.filter(**{name: chosen[name]})
        if chosen.get("group"):
            answers = answers.filter(groups=chosen["group"])
        if chosen.get("published"):
            answers = answers.filter(published_at__isnull=chosen["published"] == "no")
        if chosen.get("lacks"):
            answers = answers.filter(self.LACKS[chosen["lacks"]])
        if words := chosen.get("q"):
            said = Q(you_said__icontains=words) | Q(we_did__icontains=words) | Q(reason__icontains=words)
            answers = answers.filter(said | Q(reference__icontains=words) | Q(activity__title__icontains=words))
        return answers


class LateFilter(FilterForm):
    """Which of what is late the list shows."""

    kind = forms.ChoiceField(
        label=_("What is late"),
        required=False,
        choices=[("", _("All")), ("answer", _("Answers to people")), ("promise", _("Promises"))],
    )

    def narrow(self, rows: list) -> list:
        """The rows that are left."""
        kind = self.cleaned_data.get("kind")
        return [row for row in rows if row.kind == kind] if kind else rows
