"""The form of a period: what a report was made by cannot change behind it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from engagement.models import Period

FIXED = ("code", "kind", "starts_on", "ends_on", "principle_set")


class PeriodForm(forms.ModelForm):
    """A closed or locked period keeps its days, its kind, its code and its principles (CFG-017)."""

    class Meta:
        model = Period
        fields = ["code", "kind", "starts_on", "ends_on", "principle_set", "state"]

    def clean(self):
        cleaned = super().clean()
        before = Period.objects.filter(pk=self.instance.pk).exclude(state=Period.State.OPEN).first()
        for name in FIXED if before else ():
            if name in cleaned and cleaned[name] != getattr(before, name):
                words = {"state": before.get_state_display()}
                self.add_error(name, _("The period is %(state)s. Open it again first, then change this") % words)
        return cleaned
