"""The facts of an activity in words, for templates: `{{ activity|when }}`, `{{ activity|where }}`."""

from django import template

from engagement import words

register = template.Library()
register.filter(words.when)
register.filter(words.where)
