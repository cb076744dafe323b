"""Which protected tables are read, and whether the audit trail says so: for any page of the product.

with audited_reads() as reads:
    client.get("/register/young-people/")
assert reads.unaudited() == []
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from core.models import AuditEvent
from people.models import AccessNeed, Concern, EqualityAnswer, PanelProfile, YoungPerson

PROTECTED = (AccessNeed, PanelProfile, EqualityAnswer, YoungPerson, Concern)


class Reads:
    """What happened while it watched: the protected tables that were read, and the audit events written."""

    def __init__(self):
        self.tables: set[str] = set()
        self.before = AuditEvent.objects.count()

    def watch(self, execute, sql, params, many, context):
        """Note a SELECT on a protected table. An INSERT or DELETE that selects inside counts as well."""
        for model in PROTECTED:
            table = re.escape(model._meta.db_table)
            if re.search(rf'\b(?:FROM|JOIN) "{table}"', sql) and not re.match(r"(?:DELETE FROM|INSERT)", sql):
                self.tables.add(model._meta.db_table)
        return execute(sql, params, many, context)

    def unaudited(self) -> list[str]:
        """The tables that were read although no audit event was written; empty when all is well."""
        return sorted(self.tables) if AuditEvent.objects.count() == self.before else []

    def verbs(self) -> list[str]:
        """What the audit trail says was done since, in order."""
        events = AuditEvent.objects.order_by("pk").values_list("verb", flat=True)
        return list(events)[self.before :]


@contextmanager
def audited_reads() -> Iterator[Reads]:
    """Watch the database for SELECTs on what is never read unseen (people/models/needs.py)."""
    reads = Reads()
    with connection.execute_wrapper(reads.watch):
        yield reads
