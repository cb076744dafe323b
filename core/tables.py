"""Which kinds of sheet can be taken in. Each app says so for its own in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet. `resource` reads it: a class built on core.resources.TableResource.

    A kind whose files are too long for that has `take_in` instead, which reads an open file row by row and answers as
    core.imports.take_in does. It has pages of its own, so the import pages do not offer it.
    """

    code: str
    label: str
    resource: type | None
    take_in: Callable[..., dict] | None = None

    @property
    def model(self):
        return self.resource._meta.model

    @property
    def list_url(self) -> str:
        """The list in the admin that shows what was taken in."""
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    def may_import(self, user) -> bool:
        """Whether the user may add and change what the sheet holds, on the import pages."""
        if self.take_in:
            return False
        app, model = self.model._meta.app_label, self.model._meta.model_name
        return user.has_perms([f"{app}.add_{model}", f"{app}.change_{model}"])


_kinds: dict[str, Kind] = {}


def register(code: str, label: str, resource: type | None, *, take_in: Callable[..., dict] | None = None) -> None:
    """Say which resource reads a kind of sheet. An app further up replaces what one further down registered."""
    _kinds[code] = Kind(code, label, resource, take_in)


def kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order in which the sheets have to be imported."""
    return dict(_kinds)
