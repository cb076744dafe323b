"""The framework, projects and the record of engagement in the admin."""

from engagement.admin import activity, forum, framework, policy, projects

__all__ = ["activity", "forum", "framework", "policy", "projects"]
