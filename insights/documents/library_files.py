"""Which file of the library who may have, and what the finder says of one that is held (INS-023)."""

from django.db.models import Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.personal_data import Kind
from insights.models import Source, SourceFile


def for_staff(user):
    """The files of items that somebody may see. Those that are held, only for who may release them."""
    rows = SourceFile.objects.filter(source__in=Source.objects.for_user(user).values("pk"))
    return rows if user.has_perm("insights.publish_source") else rows.free()


def for_everybody():
    return SourceFile.objects.free().filter(source__in=Source.objects.public().values("pk"))


def for_partners():
    return SourceFile.objects.free().filter(source__in=Source.objects.for_partners().values("pk"))


def held_because(file: SourceFile) -> str:
    """What was found, by kind and number. Never the words themselves."""
    if file.state == SourceFile.State.UNREAD:
        return _("We cannot read this kind of file. Somebody has to look through it")
    kinds = dict(Kind.choices)
    found = [f"{kinds.get(kind, kind)} ({number})" for kind, number in sorted(file.found.items())]
    return get_text_list(found, _("and"))


def waiting_words(count: int) -> str:
    return ngettext("%(count)s file in quarantine", "%(count)s files in quarantine", count) % {"count": count}


def held_of(user):
    """Files in quarantine of items that somebody may see, for who may release them."""
    return SourceFile.objects.held().filter(Q(source__in=Source.objects.for_user(user).values("pk")))
