import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, imports, tables
from core.models import ImportRun, JobState


class Command(BaseCommand):
    help = "Take in a spreadsheet, whole or not at all, and print what became of it as JSON. Ends with 1 if refused."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=list(tables.kinds()), help="what the sheet holds")
        parser.add_argument("file", type=Path, help="a .csv or .xlsx file")
        parser.add_argument("--sheet", default="", help="the sheet of a workbook, if it is not named like the kind")
        parser.add_argument(
            "--dry-run", action="store_true", help="write nothing, and print what would become of each row"
        )
        parser.add_argument("--late-reason", default="", help="why entries for a locked period come late")

    def handle(self, kind, file, sheet, dry_run, late_reason, **options):
        kind = tables.kinds()[kind]
        try:
            if kind.take_in:
                with file.open("rb") as opened:
                    found = kind.take_in(opened, file.name, file.stat().st_size, by=None, dry_run=dry_run)
            else:
                found = self.take_in(
                    kind, file.read_bytes(), file.name, sheet=sheet, dry_run=dry_run, late_reason=late_reason
                )
        except OSError as error:
            raise CommandError(
                _("%(file)s cannot be read: %(reason)s") % {"file": file, "reason": error.strerror}
            ) from error
        if not dry_run:
            del found["fates"]
        self.stdout.write(json.dumps(found, indent=2, ensure_ascii=False))
        if not found["accepted"]:
            raise SystemExit(1)

    @transaction.atomic
    def take_in(self, kind, content, file_name, *, dry_run, late_reason, sheet) -> dict:
        """As from the admin: what was taken in leaves a row among the imports and one in the audit trail."""
        found = imports.take_in(
            kind, content, file_name, by=None, dry_run=dry_run, sheet=sheet, late_reason=late_reason
        )
        if found["accepted"] and not dry_run:
            result = {name: value for name, value in found.items() if name != "fates"}
            run = ImportRun.objects.create(
                kind=kind.code,
                file_name=file_name[-200:],
                content=b"",
                phase=ImportRun.Phase.APPLY,
                state=JobState.DONE,
                finished_at=timezone.now(),
                late_reason=late_reason[:300],
                result=result,
            )
            audit.record(None, "imported", run, **{name: found[name] for name in ("created", "changed", "unchanged")})
        return found
