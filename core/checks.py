"""System checks on the machine and on the way it is set up."""

import ctypes
from collections.abc import Sequence

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

# What WeasyPrint loads by these names. Importing WeasyPrint itself would slow every command down by a second.
PDF_LIBRARIES = {
    "libpangoft2-1.0-0": ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib"),
    "libharfbuzz-subset0": ("libharfbuzz-subset.so.0", "libharfbuzz-subset.dylib"),
}


def missing_packages() -> list[str]:
    """The Debian packages whose library this machine cannot load."""
    return [package for package, names in PDF_LIBRARIES.items() if not any(map(_loads, names))]


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


@checks.register("pdf")
def pdf_libraries(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[checks.CheckMessage]:
    missing = missing_packages()
    if not missing:
        return []
    return [
        checks.Warning(
            "PDFs cannot be made on this machine: a library that lays out text is missing.",
            hint=f"Run: sudo apt-get install -y --no-install-recommends {' '.join(missing)}",
            id="core.W001",
        )
    ]


@checks.register("production", deploy=True)
def production(app_configs: Sequence[AppConfig] | None, **kwargs) -> list[checks.CheckMessage]:
    """What works on one machine and is wrong where people rely on it. Part of `check --deploy`."""
    found = []
    if settings.EMBEDDED:
        found.append(
            checks.Warning(
                "This is the embedded set-up, which is made for trying the product on one machine.",
                hint="Set EMBEDDED=0 and DEBUG=0, and the variables that docs/operations.md names.",
                id="core.W002",
            )
        )
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        found.append(
            checks.Warning(
                "The database is SQLite, which the workers of several machines cannot share.",
                hint="Set DATABASE_URL to a PostgreSQL database.",
                id="core.W003",
            )
        )
    if not settings.EMAIL_HOST:
        found.append(
            checks.Warning(
                "No mail can be sent, so members cannot sign in.",
                hint="Set EMAIL_HOST and DEFAULT_FROM_EMAIL.",
                id="core.W004",
            )
        )
    return found
