"""Forms about what boards want to hear of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from engagement.models import Topic


class SubscriptionForm(Form):
    """One more topic for a board."""

    topic = forms.ModelChoiceField(Topic.objects.none(), label=_("Topic"))

    def __init__(self, *args, forum, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["topic"].queryset = Topic.objects.exclude(subscriptions__forum=forum)
