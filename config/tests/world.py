"""What a world of the matrix is: a user of one role, addresses, and words that only some roles may read."""

from dataclasses import dataclass, field

from django.urls import reverse

from people.models import Role, User

STRANGER = "stranger"
ROLES = (STRANGER, "member", "secretary", "safeguarding", "project_lead", "officer", "lead", "administrator", "partner")
STAFF = {"project_lead", "officer", "lead", "administrator"}
TEAM = {"officer", "lead", "administrator"}  # they work with members, and see drafts of reports


def roles_that_exist() -> set[str]:
    return {STRANGER, *Role.Name.values}


@dataclass
class World:
    """Objects that exist, seen by a user of one role, and words that only some roles may read."""

    role: str
    user: User | None
    pages: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, set[str]] = field(default_factory=dict)

    def secret(self, what: str, *readers: str) -> str:
        """A word to put into a private field, which nobody but these roles may be sent."""
        token = f"canary{len(self.secrets):02}-{what}"
        self.secrets[token] = set(readers)
        return token

    def add(self, name: str, *args, case: str = "", query: str = "") -> None:
        self.pages[f"{name} [{case}]" if case else name] = reverse(name, args=args) + query
