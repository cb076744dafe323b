"""Many rows a few at a time, so that memory does not grow with them. Python 3.12 has this in itertools."""

from collections.abc import Iterable, Iterator
from itertools import islice


def batches(rows: Iterable, size: int) -> Iterator[list]:
    """Lists of at most `size` rows, in their order; none where there are no rows."""
    rows = iter(rows)
    while batch := list(islice(rows, size)):
        yield batch
