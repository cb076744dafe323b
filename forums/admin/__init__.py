"""Forums and their work in the admin, one module for each module of `forums.models`."""

from forums.admin.forum import ForumAdmin

__all__ = ["ForumAdmin"]
