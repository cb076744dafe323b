"""Keeps the search in step with the records: after each save by itself, after bulk work by `index` and `forget`."""

import json
from collections import Counter
from collections.abc import Iterable
from functools import partial
from itertools import islice

from django.db import connections, models, router, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from core.batches import batches
from core.models import SearchDocument, SearchWord
from core.search import postgresql, registry, sqlite
from core.search.registry import Fields, Kind
from core.search.words import clean, spelled

MOST_LETTERS = 20_000  # of one text: what stands after them is not found
BATCH = 2_000  # rows in memory at once
WORDS_AT_ONCE = 4_000
COPIED = ("title", "text", "names", "tags", "day", "scope")


def ensure(using: str = "default", **signal) -> None:
    """Make what the database itself keeps of the index, where it is missing. After every migration."""
    vendor = connections[using].vendor
    if SearchDocument._meta.db_table in connections[using].introspection.table_names():
        {"postgresql": postgresql, "sqlite": sqlite}[vendor].ensure(using)


def index(code: str, rows: Iterable[models.Model | int]) -> int:
    """Take over what rows of a kind say now; give the rows or their numbers. How many documents have changed.

    To be called in the transaction of the bulk work that wrote them (`bulk_create`, `update`): what Django sends no
    signal for. A row that is gone, or is not to be found any more, is forgotten.
    """
    kind, changed = registry.kinds()[code], 0
    for pks in batches((getattr(row, "pk", row) for row in rows), BATCH):
        found = {row.pk: kind.build(row) for row in kind.all_rows().filter(pk__in=pks)}
        changed += write(kind, pks, found)
    return changed


def forget(code: str, pks: Iterable[int]) -> None:
    """Take rows of a kind out of the search, in the transaction that deletes them."""
    kind = registry.kinds()[code]
    for batch in batches(pks, BATCH):
        write(kind, batch, {})


def rebuild(code: str, *, using: str = "default") -> int:
    """Compare every row of a kind with what the search knows, and mend it. How many documents have changed."""
    kind, changed, last = registry.kinds()[code], 0, 0
    while pks := list(kind.all_rows().order_by("pk").filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        changed += index(code, pks)
        last = pks[-1]
    documents = SearchDocument.objects.filter(kind=code)
    gone = documents.exclude(object_id__in=kind.all_rows().order_by().values("pk"))
    for pks in batches(gone.values_list("object_id", flat=True), BATCH):
        changed += write(kind, pks, {})
    return changed


def write(kind: Kind, pks: list[int], found: dict[int, Fields | None]) -> int:
    """Make the documents of the numbered rows say what was found, and those of the others go."""
    using = router.db_for_write(SearchDocument)
    with transaction.atomic(using=using):
        documents = SearchDocument.objects.using(using).filter(kind=kind.code, object_id__in=pks)
        before = {document.object_id: document for document in documents}
        after = {pk: _document(kind, pk, fields) for pk, fields in found.items() if fields is not None}
        changed = [document for pk, document in after.items() if not _is_same(before.get(pk), document)]
        gone = [pk for pk in before if pk not in after]
        documents.filter(object_id__in=gone).delete()
        SearchDocument.objects.using(using).bulk_create(
            changed, update_conflicts=True, unique_fields=["kind", "object_id"], update_fields=list(COPIED)
        )
        words = Counter(word for document in changed for word in _words_of(document))
        left = [before[pk] for pk in gone] + [
            before[document.object_id] for document in changed if document.object_id in before
        ]
        words.subtract(word for document in left for word in _words_of(document))
        if words := {word: number for word, number in words.items() if number}:
            # Two transactions must never wait for each other because both texts say “the”. As JSON it takes little
            # memory until the end of a load of 200,000 rows.
            transaction.on_commit(partial(learn, json.dumps(words), using), using=using, robust=True)
    return len(changed) + len(gone)


def learn(changes: str, using: str = "default") -> None:
    """Add to the vocabulary in how many more, or fewer, documents each word stands; `changes` is JSON.

    Sorted, and each statement by itself: so nobody waits long, and no two wait for each other.
    """
    pairs = iter(sorted(json.loads(changes).items()))
    table = SearchWord._meta.db_table
    while some := list(islice(pairs, WORDS_AT_ONCE)):
        rows = ", ".join(["(%s, %s)"] * len(some))
        with connections[using].cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {table} (word, documents) VALUES {rows} ON CONFLICT (word)"  # noqa: S608
                f" DO UPDATE SET documents = {table}.documents + excluded.documents",
                [value for pair in some for value in pair],
            )
        fewer = [word for word, number in some if number < 0]
        SearchWord.objects.using(using).filter(word__in=fewer, documents__lte=0).delete()


def learn_anew(using: str = "default") -> int:
    """Count the vocabulary again from all documents. How many words it has."""
    with transaction.atomic(using=using):
        SearchWord.objects.using(using).all().delete()
        counted = Counter()
        for document in SearchDocument.objects.using(using).order_by().iterator(BATCH):
            counted.update(_words_of(document))
        learn(json.dumps(counted), using)
    return len(counted)


def _document(kind: Kind, pk: int, fields: Fields) -> SearchDocument:
    tags = [registry.tag("kind", kind.code), registry.tag("scope", fields.scope)]
    tags += [registry.tag(name, value) for name, values in fields.tags.items() for value in values]
    longest = SearchDocument._meta.get_field("title").max_length
    return SearchDocument(
        kind=kind.code,
        object_id=pk,
        title=" ".join(clean(fields.title).split())[:longest],
        text=clean(fields.text)[:MOST_LETTERS].strip(),
        names=clean("\n".join(sorted({name for name in fields.names if name}))),
        tags=" ".join(dict.fromkeys(tags)),
        day=fields.day,
        scope=fields.scope,
    )


def _is_same(known: SearchDocument | None, new: SearchDocument) -> bool:
    return known is not None and all(getattr(known, name) == getattr(new, name) for name in COPIED)


def _words_of(document: SearchDocument) -> set[str]:
    return spelled(f"{document.title} {document.text} {document.names}")


# After each save ---------------------------------------------------------------------------------


def _saved(sender, instance, raw=False, **signal) -> None:
    if not raw:
        _index_all(sender, [instance])


def _deleted(sender, instance, **signal) -> None:
    for kind in registry.kinds().values():
        if kind.model is sender:
            forget(kind.code, [instance.pk])
    _index_followers(sender, [instance])


def _linked(sender, instance, action, reverse, model, pk_set, **signal) -> None:
    """A many-to-many link was made or cut: on either side, the words of the row that has the field may change."""
    if not reverse:
        if action in {"post_add", "post_remove", "post_clear"}:
            _index_all(type(instance), [instance])
    elif action == "pre_clear":
        instance._cut_links = list(model._default_manager.filter(**{_field_of(sender, model): instance}))
    elif action == "post_clear":
        _index_all(model, instance.__dict__.pop("_cut_links"))
    elif action in {"post_add", "post_remove"}:
        _index_all(model, model._default_manager.filter(pk__in=pk_set))


def _field_of(through, model) -> str:
    return next(field.name for field in model._meta.many_to_many if field.remote_field.through is through)


def _index_all(model, rows) -> None:
    for kind in registry.kinds().values():
        if kind.model is model:
            index(kind.code, rows)
    _index_followers(model, rows)


def _index_followers(model, rows) -> None:
    for kind in registry.kinds().values():
        if follow := kind.follows.get(model):
            index(kind.code, {pk for row in rows for pk in follow(row)})


def keep_in_step() -> None:
    """Have every save, deletion and link of a registered kind reach the search. Twice is harmless."""
    post_save.connect(_saved, dispatch_uid="core.search")
    post_delete.connect(_deleted, dispatch_uid="core.search")
    m2m_changed.connect(_linked, dispatch_uid="core.search")
