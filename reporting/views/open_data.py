"""The open register, for anybody: its page, its tables as JSON and CSV, its dictionary and its OpenAPI description.

django-ninja checks what is asked and holds each answer to its schema. Read only, by GET and HEAD (PUB-018).
"""

import copy
import hashlib
from functools import wraps
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import NinjaAPI, Query
from ninja.errors import HttpError, ValidationError
from tablib import Dataset

from core.exports import csv_file
from core.limits import HOUR, sent_too_often
from reporting.documents import register
from reporting.documents.register import dictionary
from reporting.documents.register.shape import LIST_MARK, Table
from reporting.views import open_data_schemas as schemas

MOST_AN_HOUR = 600  # from one address: wide, because a whole organisation may sit behind one
PAGE_SIZE, LARGEST_PAGE = 100, 500
PARAMETERS = ("page", "page_size")
METHODS = ("GET", "HEAD")
SHOWN_TO_SCRIPTS = "ETag, Last-Modified, Link, Retry-After, X-Total-Count"

api = NinjaAPI(
    title="Open register of involvement",
    version="1",
    description="What a body of the NHS did to involve people, and what came of it. Read only.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="open_data",
    servers=[{"url": settings.SITE_URL}],
    openapi_extra={
        "info": {
            "license": {"name": dictionary.LICENCE_NAME, "url": dictionary.LICENCE_ADDRESS},
        }
    },
)


# What every answer has in common -----------------------------------------------------------------


def open_to_all(*parameters: str):
    """Answer anybody, from any site, by GET and HEAD: within the rate limit, to the parameters that we know."""

    def decorate(view):
        @csrf_exempt
        @login_not_required
        @wraps(view)
        def answer(request, *args, **kwargs):
            return _finished(request, _answer(request, view, parameters, args, kwargs))

        return answer

    return decorate


def _answer(request, view, parameters, args, kwargs) -> HttpResponse:
    if request.method not in METHODS:
        refusal = problem(405, _("This register is read only. Use GET or HEAD"))
        refusal["Allow"] = ", ".join(METHODS)
        return refusal
    if sent_too_often(request, "open-data", most=MOST_AN_HOUR):
        words = _("You have asked %(most)d times in an hour. Try again in an hour")
        refusal = problem(429, words % {"most": MOST_AN_HOUR})
        refusal["Retry-After"] = str(HOUR)
        return refusal
    if words := _wrong_parameters(request, parameters):
        return problem(422, words)
    asked = copy.copy(request)
    asked.method = "GET"  # HEAD is GET without its body, which the server leaves out
    return view(asked, *args, **kwargs)


def _wrong_parameters(request, known) -> str:
    """What is wrong with the names of the parameters, in words; "" when nothing is."""
    for name in request.GET:
        if name not in known:
            words = _("There is no parameter “%(name)s” here. Known: %(known)s")
            return words % {"name": name[:60], "known": ", ".join(known) or _("none")}
        if len(request.GET.getlist(name)) > 1:
            return _("Give “%(name)s” once") % {"name": name}
    return ""


def _finished(request, response) -> HttpResponse:
    """The answer with its fingerprint, licence and leave for other sites; 304 when the asker has it already.

    A row that is withdrawn leaves no date behind, so only the fingerprint decides whether something changed.
    """
    if response.status_code == 200:
        etag = f'"{hashlib.sha256(response.content).hexdigest()}"'
        response["ETag"] = etag
        response["Cache-Control"] = "no-cache"  # keep it, but ask each time: what is withdrawn is gone at once
        licence = f'<{dictionary.LICENCE_ADDRESS}>; rel="license"'
        response["Link"] = ", ".join(filter(None, [response.get("Link"), licence]))
        response = get_conditional_response(request, etag=etag, response=response)
    response["Access-Control-Allow-Origin"] = "*"
    response["Access-Control-Expose-Headers"] = SHOWN_TO_SCRIPTS
    return response


def problem(status: int, detail: str) -> JsonResponse:
    """A refusal in plain words."""
    return JsonResponse({"status": status, "detail": detail}, status=status)


@api.exception_handler(ValidationError)
def _wrong_value(request, error):
    words = {
        "page": _("Give “page” as a whole number, 1 or more"),
        "page_size": _("Give “page_size” as a whole number from 1 to %(most)d") % {"most": LARGEST_PAGE},
    }
    return problem(422, ". ".join(dict.fromkeys(words[each["loc"][-1]] for each in error.errors)))


@api.exception_handler(HttpError)
def _refused(request, error):
    return problem(error.status_code, str(error))


# The tables --------------------------------------------------------------------------------------


def _json(table: Table):
    def rows(
        request,
        response: HttpResponse,
        page: int = Query(1, ge=1, description=_("Number of the page, from 1.")),
        page_size: int = Query(PAGE_SIZE, ge=1, le=LARGEST_PAGE, description=_("Rows on a page.")),
    ):
        total, newest = table.size()
        pages = max(1, -(-total // page_size))
        if page > pages:
            raise HttpError(404, _("There is no page %(page)s. The last one is %(pages)d") % _short(page, pages))
        first = (page - 1) * page_size
        links = _links(table, page, page_size, pages)
        response["Link"] = ", ".join(f'<{url}>; rel="{rel}"' for rel, url in links.items())
        response["X-Total-Count"] = str(total)
        _dated(response, newest)
        return {
            "table": table.name,
            "title": str(table.title),
            "licence": vars(dictionary.licence()),
            "total": total,
            "page": page,
            "page_size": page_size,
            "pages": pages,
            "next": links.get("next"),
            "previous": links.get("prev"),
            "rows": table.records(table.rows()[first : first + page_size]),
        }

    return rows


def _short(page: int, pages: int) -> dict:
    return {"page": page if page < 10**12 else "…", "pages": pages}


def _links(table: Table, page: int, page_size: int, pages: int) -> dict[str, str]:
    numbers = {"first": 1, "prev": page - 1, "next": page + 1, "last": pages}
    stem = settings.SITE_URL + reverse(f"open_data:{table.name}_json")
    return {
        rel: f"{stem}?{urlencode({'page': number, 'page_size': page_size})}"
        for rel, number in numbers.items()
        if 1 <= number <= pages
    }


def _csv(table: Table):
    def rows(request):
        _total, newest = table.size()
        response = csv_file(Dataset(*table.csv_rows(), headers=table.csv_names), _file_name(table.name))
        _dated(response, newest)
        return response

    return rows


def _file_name(name: str) -> str:
    """The day on which a file was taken stands in its name: its content has none, so that it compares as equal."""
    return f"{name}-{timezone.localdate():%Y-%m-%d}.csv"


def _dated(response, newest) -> None:
    if newest is not None:
        response["Last-Modified"] = http_date(newest.timestamp())


for _table in register.TABLES:
    api.get(
        f"/{_table.name}.json",
        response=schemas.responses(_table),
        operation_id=f"{_table.name}_json",
        url_name=f"{_table.name}_json",
        summary=str(_table.title),
        description=str(_table.description),
        openapi_extra=schemas.extra_of_json(),
    )(_json(_table))
    api.get(
        f"/{_table.name}.csv",
        response=schemas.refusals(),
        operation_id=f"{_table.name}_csv",
        url_name=f"{_table.name}_csv",
        summary=f"{_table.title}, CSV",
        description=str(_table.description),
        openapi_extra=schemas.extra_of_csv(_table),
    )(_csv(_table))


# The description of it ---------------------------------------------------------------------------


@login_not_required
@require_safe
def index(request):
    tables = [
        {
            "table": table,
            "entries": list(dictionary.entries(table)),
            "number": table.size()[0],
            "json": reverse(f"open_data:{table.name}_json"),
            "csv": reverse(f"open_data:{table.name}_csv"),
        }
        for table in register.TABLES
    ]
    context = {
        "tables": tables,
        "licence": dictionary.licence(),
        "most_an_hour": MOST_AN_HOUR,
        "page_size": PAGE_SIZE,
        "largest_page": LARGEST_PAGE,
        "list_mark": LIST_MARK.strip(),
        "canonical": settings.SITE_URL + reverse("open_data:index"),
    }
    return render(request, "reporting/open_data/index.html", context)


@open_to_all()
def dictionary_csv(request):
    """Every column of every table, with the licence beside it."""
    return csv_file(Dataset(*dictionary.lines(register.TABLES), headers=dictionary.HEADERS), _file_name("dictionary"))


@open_to_all()
def openapi(request):
    return JsonResponse(api.get_openapi_schema(path_prefix=reverse("open_data:index")))


@open_to_all(*PARAMETERS)
def missing(request, rest):
    names = ", ".join(table.name for table in register.TABLES)
    words = _("There is no such table. Ask for one of these, with .json or .csv behind its name: %(names)s")
    return problem(404, words % {"names": names})
