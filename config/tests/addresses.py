"""Every address of the product, from the URL resolver."""

from collections.abc import Iterator

from django.urls import URLPattern, get_resolver


def routes() -> dict[str, str]:
    """The route of every URL by its name; a URL without a name is called by its route."""
    return dict(_walk(get_resolver().url_patterns, (), ""))


def without_parameters(*apps: str) -> list[str]:
    """The addresses of pages that ask for nothing."""
    return [f"/{route}" for name, route in routes().items() if name.partition(":")[0] in apps and "<" not in route]


def _walk(patterns, namespaces: tuple, route: str) -> Iterator[tuple[str, str]]:
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield ":".join([*namespaces, pattern.name]) if pattern.name else here, here
        else:
            yield from _walk(pattern.url_patterns, (*namespaces, *filter(None, [pattern.namespace])), here)
