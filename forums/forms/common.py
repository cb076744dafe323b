"""What forms of forums share: boxes above a list, and what a service refused."""

from django.core.exceptions import ValidationError

from core.forms import Form


class FilterForm(Form):
    """Filters of a list. Each can be left as it is. What is unknown in the address is left out: `left_out` says so.

    A form whose choices depend on the user sets them in `offer`, before the data is looked at.
    """

    def __init__(self, data, **offered):
        super().__init__(data)
        self.offer(**offered)
        self.left_out = not self.is_valid()
        if self.left_out:
            self.data = {name: value for name, value in data.items() if name not in self.errors}
            self.full_clean()

    def offer(self) -> None:
        """Set the choices."""

    @property
    def is_narrowed(self) -> bool:
        return any(self.cleaned_data.values())


def add_errors(form, error: ValidationError) -> None:
    """Show what a service refused: beside the field where the form has it, else above the form."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for name, words in by_field.items():
        form.add_error(name if name in form.fields else None, words)
