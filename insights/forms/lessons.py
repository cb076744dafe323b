"""Forms about what was learnt."""

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.forms import DatePartsField, FilterForm, ModelForm
from engagement.models import Topic
from insights.models import Lesson, Source


class LessonForm(ModelForm):
    """What happened, what is done about it, with whom it was shared, whether it is done."""

    learnt_on = DatePartsField(label=_("Learnt on"), initial=timezone.localdate)
    shared_on = DatePartsField(label=_("Shared on"), required=False)
    done_on = DatePartsField(label=_("Done on"), required=False)

    class Meta:
        model = Lesson
        fields = [
            *("kind", "what_happened", "action", "owner", "learnt_on", "topics", "source"),
            *("shared_with", "shared_on", "done_on"),
        ]
        widgets = {
            "kind": forms.RadioSelect,
            "what_happened": forms.Textarea(attrs={"rows": 4}),
            "action": forms.Textarea(attrs={"rows": 3}),
            "topics": forms.CheckboxSelectMultiple,
        }
        labels = {
            "kind": _("How it went"),
            "what_happened": _("What happened"),
            "action": _("What is done about it"),
            "owner": _("Who sees to it"),
            "topics": _("Topics"),
            "source": _("Library item that it comes from"),
            "shared_with": _("Shared with"),
        }
        help_texts = {
            "what_happened": _("Do not write anybody’s name or anything that shows who they are."),
            "action": _("The one action that makes the most difference."),
            "owner": _("A post, not a name."),
            "shared_with": _("Teams, providers or networks that can learn from it too."),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        mine = Q(pk__in=Source.objects.for_user(user).in_use().values("pk")) | Q(pk=self.instance.source_id)
        self.fields["source"].queryset = Source.objects.filter(mine).order_by("title")

    def validate_constraints(self):
        """Left to the service, which says what is wrong beside the field that it is about."""


class LessonFilter(FilterForm):
    """Which lessons a list shows."""

    kind = forms.ChoiceField(label=_("How it went"), required=False, choices=[("", _("All")), *Lesson.Kind.choices])
    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"), required=False, empty_label=_("All"))
    show = forms.ChoiceField(
        label=_("Show"),
        required=False,
        choices=[("", _("All")), ("to_do", _("Not done yet")), ("not_shared", _("Not shared yet"))],
    )

    def offer(self, *, lessons):
        self.fields["topic"].queryset = Topic.objects.filter(lessons__in=lessons.values("pk")).distinct()

    def narrow(self, lessons):
        """The lessons that the answers leave."""
        chosen = self.cleaned_data
        if chosen.get("kind"):
            lessons = lessons.filter(kind=chosen["kind"])
        if chosen.get("topic"):
            lessons = lessons.filter(topics=chosen["topic"])
        match chosen.get("show"):
            case "to_do":
                return lessons.to_do()
            case "not_shared":
                return lessons.not_shared()
        return lessons
