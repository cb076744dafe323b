"""What may be asked of the register. `accounts`: roles and sign-in. `register`: persons, duplicates, erasure.
`consents`, `needs`: what somebody agreed to and needs. `messages`: write to people. `safeguarding`: people under 18."""

from people.services.accounts import follow_roles, grant_role, open_account, revoke_role

__all__ = ["follow_roles", "grant_role", "open_account", "revoke_role"]
