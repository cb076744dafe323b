"""Principles to choose from, in the admin."""

from engagement.forms import PrincipleChoiceField


class PrincipleChoices:
    """For a ModelAdmin or inline whose every link leads to a principle: each choice says the set that it is from."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return super().formfield_for_foreignkey(db_field, request, form_class=PrincipleChoiceField, **kwargs)
