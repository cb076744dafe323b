"""Insights and answers in the admin."""

from insights.admin import activities, frames
from insights.admin.responses import ResponseAdmin

__all__ = ["ResponseAdmin", "activities", "frames"]
