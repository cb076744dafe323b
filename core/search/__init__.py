"""The search: what apps register is found by its words, on SQLite and on PostgreSQL alike.

`register` a kind, `index` and `forget` after bulk work, `find` and `more_like` for a user. It knows no word of the
business: which kinds, filters and names there are is told by the apps above.
"""

from core.search.finding import COUNTED, PAGE_SIZE, PUBLIC, RANKED, Hit, Results, distinctive, find, more_like
from core.search.indexing import ensure, forget, index, keep_in_step, learn_anew, rebuild
from core.search.registry import Fields, Kind, kinds, register, register_names

__all__ = [
    "COUNTED",
    "PAGE_SIZE",
    "PUBLIC",
    "RANKED",
    "Fields",
    "Hit",
    "Kind",
    "Results",
    "distinctive",
    "ensure",
    "find",
    "forget",
    "index",
    "keep_in_step",
    "kinds",
    "learn_anew",
    "more_like",
    "rebuild",
    "register",
    "register_names",
]
