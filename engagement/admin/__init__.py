"""The framework and the record of engagement in the admin."""

from engagement.admin import activity, forum, framework

__all__ = ["activity", "forum", "framework"]
