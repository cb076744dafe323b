from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import search
from core.models import SearchDocument


class Command(BaseCommand):
    help = "Compare the search with every record and mend what differs, then count its vocabulary again."

    def add_arguments(self, parser):
        parser.add_argument("kinds", nargs="*", help="codes of the kinds to look at; all, if none is named")

    def handle(self, kinds, **options):
        known = search.kinds()
        if unknown := [code for code in kinds if code not in known]:
            raise CommandError(
                _("There is no kind “%(unknown)s”. There are: %(known)s")
                % {"unknown": ", ".join(unknown), "known": ", ".join(known)}
            )
        search.ensure()
        if not kinds:
            SearchDocument.objects.exclude(kind__in=known).delete()
        for code in kinds or known:
            changed = search.rebuild(code)
            self.stdout.write(
                f"{known[code].plural}: "
                + ngettext("%(number)s document changed", "%(number)s documents changed", changed) % {"number": changed}
            )
        number = search.learn_anew()
        self.stdout.write(ngettext("%(number)s word", "%(number)s words", number) % {"number": number})
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {SearchDocument._meta.db_table}")
