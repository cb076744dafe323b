"""System checks on the machine itself."""

import ctypes
from collections.abc import Sequence

from django.apps import AppConfig
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
