"""The list “Left to do” on the front page of the admin."""

from django import template

from core import work

register = template.Library()


@register.simple_tag
def work_list(user):
    """Lines with `words` and `url`, for what is left to do."""
    return work.left_to_do(user)
