"""Which kinds of sheet can be taken in. Each app says so for its own in `AppConfig.ready()`."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sheet. `resource` reads it: a class built on core.resources.TableResource."""

    code: str
    label: str
    resource: type

    @property
    def model(self):
        return self.resource._meta.model

    @property
    def list_url(self) -> str:
        """The list in the admin that shows what was taken in."""
        return reverse(f"admin:{self.model._meta.app_label}_{self.model._meta.model_name}_changelist")

    def may_import(self, user) -> bool:
        """Whether the user may add and change what the sheet holds."""
        app, model = self.model._meta.app_label, self.model._meta.model_name
        return user.has_perms([f"{app}.add_{model}", f"{app}.change_{model}"])


_kinds: dict[str, Kind] = {}


def register(code: str, label: str, resource: type) -> None:
    """Say which resource reads a kind of sheet. An app further up replaces what one further down registered."""
    _kinds[code] = Kind(code, label, resource)


def kinds() -> dict[str, Kind]:
    """Every kind by its code, in the order in which the sheets have to be imported."""
    return dict(_kinds)
