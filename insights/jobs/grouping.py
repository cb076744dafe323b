"""Once comments have come into a collection: which are alike, and what the search knows of them.

Both can be done again at any time without harm.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import alike, search
from core.batches import batches
from insights.models import Campaign, Collection, Comment

BATCH = 2000
Progress = Callable[[int, str], None]


def no_progress(percent: int, words: str) -> None:
    """Nobody watches."""


# Far faster than bulk_update for some hundred thousand rows, each with one number to change.
_PUT_INTO_GROUP = f"UPDATE {Comment._meta.db_table} SET campaign_id = %s WHERE id = %s"  # noqa: S608


def regroup(collection: Collection) -> int:
    """Group the texts of a collection that are alike, anew. Names that people gave stay with most of a group.

    Returns how many groups there are.
    """
    texts = collection.comments.exclude(text="").order_by("pk").values_list("pk", "text")
    found = alike.groups(texts.iterator(BATCH))
    with transaction.atomic():
        Collection.objects.select_for_update().get(pk=collection.pk)
        named = collection.comments.exclude(campaign__name="").exclude(campaign=None)
        names = dict(named.values_list("pk", "campaign__name"))
        collection.comments.exclude(campaign=None).update(campaign=None)
        collection.campaigns.all().delete()
        rows = Campaign.objects.bulk_create(
            (_campaign(collection, cluster, names) for cluster in found), batch_size=BATCH
        )
        pairs = ((row.pk, pk) for row, cluster in zip(rows, found, strict=True) for pk in cluster.ids)
        with connection.cursor() as cursor:
            for batch in batches(pairs, BATCH):
                cursor.executemany(_PUT_INTO_GROUP, batch)
    return len(rows)


def _campaign(collection: Collection, cluster: alike.Cluster, names: dict[int, str]) -> Campaign:
    kind = Campaign.Kind.CAMPAIGN if cluster.is_campaign else Campaign.Kind.REPEAT
    given = [names[pk] for pk in cluster.ids if pk in names] if names else []
    name = max(set(given), key=lambda each: (given.count(each), each)) if given else ""
    return Campaign(collection=collection, kind=kind, size=cluster.size, name=name)


def index(collection: Collection, *, after: int = 0, progress: Progress = no_progress, start: int = 0) -> None:
    """Have the search learn the comments of a collection with higher numbers than `after`.

    `start` is how many percent of the whole work were done before.
    """
    if "comment" not in search.kinds():
        return
    rows = collection.comments.filter(pk__gt=after).order_by("pk")
    count, done = rows.count(), 0
    for pks in batches(rows.values_list("pk", flat=True).iterator(BATCH), BATCH):
        search.index("comment", pks)
        done += len(pks)
        words = _("%(done)s comments of %(count)s can be searched") % {"done": f"{done:,}", "count": f"{count:,}"}
        progress(start + (99 - start) * done // count, words)
