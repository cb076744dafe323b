"""Build a report in the foreground and write its files to a folder."""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from core.models import JobState
from engagement.models import Period
from reporting import tasks
from reporting.documents.formats.files import NAMES, NoSuchFormat, file_of
from reporting.models import Build, Report
from reporting.services import reports as services


class Command(BaseCommand):
    help = "Build a report without a browser or a worker. Prints each file that it wrote."

    def add_arguments(self, parser):
        parser.add_argument("kind", choices=Report.Kind.values)
        parser.add_argument("--period", required=True, help="for example 2023-24, or 2023-24-q1 for a quarterly report")
        parser.add_argument("--out", required=True, type=Path, help="the folder to write to")
        parser.add_argument("--format", nargs="+", choices=NAMES, default=["pdf", "html"], dest="formats")

    def handle(self, kind, period, out, formats, **options):
        try:
            build = services.request_report(_period(period), by=None, kind=kind, in_background=False)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        tasks.build_report(build.pk)
        build = Build.objects.select_related("snapshot", "report__period").get(pk=build.pk)
        if build.state == JobState.FAILED:
            raise CommandError(build.error)
        if build.state != JobState.DONE:
            raise CommandError("A worker is making this report just now. Wait until it is done, then ask again.")
        try:
            out.mkdir(parents=True, exist_ok=True)
            for name in dict.fromkeys(formats):
                self.stdout.write(str(_write(build, name, out)))
        except NoSuchFormat as error:
            raise CommandError(f"Reports of the kind {kind} are not made as {error}.") from None
        except OSError as error:
            raise CommandError(f"The files cannot be written to {out}: {error.strerror}") from None
        self.stdout.write(
            f"{build.pages} pages in {build.seconds:.1f} s, {build.seconds_rendering:.1f} s of it laying out the PDF"
        )


def _period(code: str) -> Period:
    try:
        return Period.objects.get(code=code.replace("–", "-").replace("/", "-"))
    except Period.DoesNotExist:
        known = ", ".join(Period.objects.order_by("starts_on").values_list("code", flat=True))
        raise CommandError(
            f"There is no period {code}. The periods are: {known or 'none; load a profile first'}"
        ) from None


def _write(build: Build, name: str, out: Path) -> Path:
    ending, content = file_of(build, name)
    target = out / f"{build.report.kind}-{build.report.period.code}{ending}"
    target.write_bytes(content)
    return target
