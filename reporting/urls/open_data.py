"""`/open-data/`: the open register. django-ninja names an address for each table; each is wrapped the same way."""

from django.urls import path, re_path

from reporting.views import open_data as views

app_name = "open_data"


def _tables():
    """The addresses that django-ninja made, without its own front page."""
    for pattern in views.api.urls[0]:
        if pattern.name != "api-root":
            known = views.PARAMETERS if pattern.name.endswith("_json") else ()
            yield path(str(pattern.pattern), views.open_to_all(*known)(pattern.callback), name=pattern.name)


urlpatterns = [
    path("", views.index, name="index"),
    path("dictionary.csv", views.dictionary_csv, name="dictionary_csv"),
    path("openapi.json", views.openapi, name="openapi"),
    *_tables(),
    re_path(r"^(?P<rest>.+)$", views.missing, name="missing"),
]
