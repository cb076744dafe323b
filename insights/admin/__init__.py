"""Insights and answers in the admin."""

from insights.admin import activities, frames, indicators
from insights.admin.responses import ResponseAdmin

__all__ = ["ResponseAdmin", "activities", "frames", "indicators"]
