"""Which role may do what. Each app says so for its own permissions in `AppConfig.ready()`."""

from collections import defaultdict

_allowed: dict[str, set[str]] = defaultdict(set)

STAFF = ("administrator", "lead", "officer", "project_lead")
ENGAGEMENT = ("administrator", "lead", "officer")


def allow(roles: tuple[str, ...], app: str, *permissions: str) -> None:
    """Give each role the permissions, written without their app: `allow(STAFF, "forums", "view_forum")`."""
    for role in roles:
        _allowed[role] |= {f"{app}.{permission}" for permission in permissions}


def allow_everything(roles: tuple[str, ...], app: str, *models: str) -> None:
    """Give each role view, add, change and delete for the models of an app, named in lower case."""
    allow(roles, app, *(f"{action}_{model}" for model in models for action in ("view", "add", "change", "delete")))


def permissions_of(role: str) -> frozenset[str]:
    return frozenset(_allowed.get(role, ()))
