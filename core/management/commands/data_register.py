"""docs/data.md: every field that can hold personal data, from what the models themselves declare."""

from django.core.management.base import BaseCommand
from django.db import models

from core.privacy import Personal, our_models

INTRODUCTION = """\
# Personal data that this system holds

Made by `manage.py data_register > docs/data.md` from the models themselves. Do not edit it by hand.
A test fails when this page is out of date, and when a field that could hold personal data is not declared.

Each body must confirm the legal basis and how long it keeps each field. **The values here are defaults, to be
confirmed by the body's data protection officer and records manager.**

| class | what it means |
|---|---|
| P1 | working notes |
| P2 | seen by forum members or the public |
| P3 | identity and contact |
| P4 | special category, or about children: never on a model that the admin lists |
"""
HEADINGS = ("field", "class", "purpose", "legal basis", "kept", "copy for the person", "on erasure")
ENDING = """\
## Records without personal data

Nothing in these is about a person, provided that nobody types a name into a text field:
"""


class Command(BaseCommand):
    help = "Print the register of personal data, docs/data.md."

    def handle(self, **options):
        self.stdout.write(register(), ending="")


def register() -> str:
    """The page as Markdown."""
    held = [model for model in our_models() if getattr(model, "personal", {})]
    rest = [f"- {model._meta.app_label}: {model._meta.verbose_name}" for model in our_models() if model not in held]
    return "\n".join([INTRODUCTION, *map(section, held), ENDING, *sorted(rest), ""])


def section(model: type[models.Model]) -> str:
    """One model: its name and a table of its personal fields."""
    title = str(model._meta.verbose_name)
    lines = [f"## {title[:1].upper()}{title[1:]} ({model._meta.label})", ""]
    lines += [row(HEADINGS), row("---" for _heading in HEADINGS).replace(" ", "")]
    for name, declared in model.personal.items():
        lines.append(row((f"{model._meta.get_field(name).verbose_name} (`{name}`)", *said(declared))))
    if hasattr(model, "history"):
        lines += ["", "Earlier versions of the record, and who made each, are kept with it under the same rules."]
    return "\n".join([*lines, ""])


def said(declared: Personal) -> tuple[str, ...]:
    return declared.cls, declared.purpose, declared.basis, declared.keep, declared.export, declared.erase


def row(cells) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"
