"""What templates say of a library item: `{{ source|age }}`, `{{ source.people|sample }}`, `{{ file|held_because }}`."""

from django import template

from insights.documents import library_files, quality

register = template.Library()
register.filter(quality.age)
register.filter(quality.sample)
register.filter(library_files.held_because)
