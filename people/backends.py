"""Permissions follow from roles: nothing is ticked user by user, and a role taken away acts at the next request."""

from django.contrib.auth.backends import ModelBackend

from core.roles import permissions_of


class RoleBackend(ModelBackend):
    """Permissions from the user's roles alone. Passwords are checked by the sign-in backend."""

    def authenticate(self, request, **credentials):
        return None

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_role_permissions"):
            user_obj._role_permissions = set().union(*(permissions_of(role.name) for role in user_obj.roles.all()))
        return user_obj._role_permissions

    def has_perm(self, user_obj, perm, obj=None):
        return user_obj.is_active and perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj, app_label):
        return any(perm.startswith(f"{app_label}.") for perm in self.get_all_permissions(user_obj))
