"""Compare every stored report with the fingerprint that was kept when it was made (GOV-010)."""

from django.core.management.base import BaseCommand, CommandError

from core.models import JobState
from reporting.documents.fingerprints import altered
from reporting.models import Build


class Command(BaseCommand):
    help = "Say which stored reports are not as they were made. Ends with an error when there is one."

    def handle(self, **options):
        builds = Build.objects.filter(state=JobState.DONE).select_related("report__period", "snapshot")
        number, wrong = 0, 0
        for build in builds.prefetch_related("files").order_by("pk").iterator(chunk_size=20):
            number += 1
            if found := list(altered(build)):
                wrong += 1
                self.stdout.write(f"{build} ({build.get_status_display()}): not as it was made: {', '.join(found)}")
        if wrong:
            raise CommandError(f"{wrong} of {number} versions are not as they were made. Restore them from a backup.")
        self.stdout.write(f"{number} versions are as they were made")
