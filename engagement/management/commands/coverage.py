"""Print the coverage of a period: the numbers of the dashboard, as JSON or as one tidy table."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from tablib import Dataset

from core.exports import SafeCSV
from engagement.documents.coverage import HEADERS, as_data, coverage, tidy
from engagement.models import Period


class Command(BaseCommand):
    help = "Print how far the principles, places and groups of a year or quarter are covered, and what is missing."

    def add_arguments(self, parser):
        parser.add_argument("--period", required=True, help="the code of a year or quarter, such as 2023-24")
        parser.add_argument("--format", choices=["json", "csv"], default="json")
        parser.add_argument("--out", type=Path, help="write to this file instead")

    def handle(self, *, period, format, out, **options):
        found = coverage(self.period(period))
        if format == "csv":
            text = SafeCSV().export_data(Dataset(*tidy(found), headers=HEADERS))
        else:
            text = json.dumps(as_data(found), ensure_ascii=False, indent=2) + "\n"
        if out is None:
            self.stdout.write(text, ending="")
            return
        try:
            out.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise CommandError(f"{out} cannot be written: {error.strerror}. Choose another file") from None
        self.stdout.write(f"Written to {out}")

    def period(self, code: str) -> Period:
        found = Period.objects.filter(code=code).first()
        if found is None:
            there = ", ".join(Period.objects.order_by("starts_on", "-kind").values_list("code", flat=True))
            raise CommandError(f"There is no period {code}. There are: {there or 'none yet'}")
        return found
