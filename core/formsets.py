"""Rows under a record, in the admin."""

from django.core.exceptions import ValidationError
from django.db import models
from django.forms import BaseInlineFormSet


class OnceFormSet(BaseInlineFormSet):
    """Rows of one record, none of them twice. Django itself does not check what is unique on a condition there.

    Every row of the record is in the form, so no question to the database is needed, and a row may be deleted and
    entered again in one go.
    """

    def clean(self):
        super().clean()
        for constraint in self.model._meta.constraints:
            is_unique = isinstance(constraint, models.UniqueConstraint)
            if is_unique and constraint.condition and self.fk.name in constraint.fields:
                self.refuse_twice(constraint)

    def refuse_twice(self, constraint: models.UniqueConstraint) -> None:
        """Mark each row that repeats an earlier one."""
        fields = [self.model._meta.get_field(name) for name in constraint.fields if name != self.fk.name]
        seen = set()
        for form in self.forms:
            is_kept = form.instance.pk or form.has_changed()
            if form.errors or not is_kept or self._should_delete_form(form):
                continue
            values = form.instance._get_field_expression_map(meta=self.model._meta)
            if not constraint.condition.check(values):
                continue
            key = tuple(getattr(form.instance, field.attname) for field in fields)
            if key in seen:
                form.add_error(None, ValidationError(constraint.get_violation_error_message(), code="unique"))
            seen.add(key)
