"""The form of an answer in the admin."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms import Textarea

from insights.models import Response
from insights.services import check


class ResponseForm(forms.ModelForm):
    """An answer whose words bear its status out: the service's own rule, said beside the field that it is about."""

    class Meta:
        model = Response
        fields = ["activity", "topic", "you_said", "status", "we_did", "reason", "promised_for"]
        widgets = {name: Textarea(attrs={"rows": 4}) for name in ("you_said", "we_did", "reason")}

    def clean(self):
        cleaned = super().clean()
        if {"status", "we_did", "reason"} <= cleaned.keys():
            try:
                check(status=cleaned["status"], we_did=cleaned["we_did"], reason=cleaned["reason"])
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned
