"""Load a body's configuration from a TOML file."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from core.profiles import ProfileError, load


class Command(BaseCommand):
    help = "Load a body's names, areas, principle sets, lists and report texts. Loading it again changes nothing."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, file, **options):
        try:
            loaded = load(file)
        except ProfileError as error:
            raise CommandError(str(error)) from None
        rows = ", ".join(f"{count} {section}" for section, count in loaded.sections.items() if count)
        self.stdout.write(f"Loaded {file.name}: {rows}")
