"""Forms of the engagement app. Activities keep their names at the top, because the admin and quick entry use them."""

from engagement.forms.activity import ActivityForm, ConversationForm, PrincipleChoiceField, late_reason_error

__all__ = ["ActivityForm", "ConversationForm", "PrincipleChoiceField", "late_reason_error"]
