"""The pages that no app owns: front page, accessibility statement, health check, errors."""

import re

import pytest
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError, connection
from django.test import Client
from django.urls import include, path

from people.tests import factories

pytestmark = pytest.mark.django_db


@login_not_required
def refuse(request):
    raise PermissionDenied


@login_not_required
def distrust(request):
    raise SuspiciousOperation


@login_not_required
def break_down(request):
    raise RuntimeError


urlpatterns = [
    path("", include("config.urls")),
    path("refuse/", refuse),
    path("distrust/", distrust),
    path("break-down/", break_down),
]
handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"


@pytest.fixture
def errors_are_pages(settings):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def text(response, tag: str) -> list[str]:
    return re.findall(rf"<{tag}[^>]*>([^<]*)</{tag}>", response.content.decode())


def test_the_front_page_names_the_body_and_leads_to_what_came_of_it(client):
    factories.body()
    response = client.get("/")
    assert text(response, "title") == ["People and communities – Hertfordshire and West Essex ICB"]
    titles = [card["title"] for card in response.context["cards"]]
    assert titles == ["You said, we did", "Have your say", "Get involved", "Forums and meetings", "What we know"]
    assert '<html lang="en-gb">' in response.content.decode()


def test_the_front_page_works_before_a_body_is_loaded(client):
    assert text(client.get("/"), "title") == ["People and communities – Engagement"]


def test_a_stranger_is_offered_to_sign_in_and_staff_to_open_the_admin(client):
    stranger = client.get("/").content.decode()
    client.force_login(factories.user("officer"))
    staff = client.get("/").content.decode()
    assert [word in stranger for word in ("/accounts/login/", "/admin/", 'href="/reports/"', "Sign out")] == [
        True,
        False,
        False,
        False,
    ]
    assert [word in staff for word in ("/accounts/login/", "/admin/", 'href="/reports/"', "Sign out")] == [
        False,
        True,
        True,
        True,
    ]


def test_a_member_is_not_offered_the_admin(client):
    client.force_login(factories.user("member"))
    page = client.get("/").content.decode()
    assert [word in page for word in ("/admin/", 'href="/reports/"', "Sign-in settings", "Sign out")] == [
        False,
        False,
        False,
        True,
    ]


def test_the_accessibility_statement_is_honest_and_says_whom_to_ask(client):
    factories.body()
    page = client.get("/accessibility/").content.decode()
    assert "We have run automated tests only." in page
    assert 'href="mailto:engagement@example.org"' in page


def test_the_accessibility_statement_says_when_there_is_nobody_to_ask_yet(client):
    assert "Our contact details have not been added here yet." in client.get("/accessibility/").content.decode()


def test_the_health_check_tells_whether_the_database_answers(client):
    response = client.get("/healthz")
    assert (response.status_code, response.json()) == (200, {"database": "ok"})
    assert "no-store" in response["Cache-Control"]


def test_the_health_check_fails_without_the_database(client):
    def unreachable(execute, sql, params, many, context):
        raise OperationalError

    with connection.execute_wrapper(unreachable):
        response = client.get("/healthz")
    assert (response.status_code, response.json()) == (503, {"database": "unreachable"})


@pytest.mark.parametrize("address", ["/", "/accessibility/", "/healthz"])
def test_open_pages_are_for_reading_only(client, address):
    assert client.post(address).status_code == 405


@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/nowhere/", 404, "Page not found"),
        ("/refuse/", 403, "You cannot see this page"),
        ("/distrust/", 400, "We could not read that"),
        ("/break-down/", 500, "Sorry, there is a problem"),
    ],
)
def test_an_error_is_a_page_in_plain_words(errors_are_pages, caplog, address, status, heading):
    response = errors_are_pages.get(address)
    assert (response.status_code, text(response, "h1")) == (status, [heading])


@pytest.mark.parametrize("address", ["/distrust/", "/break-down/"])
def test_the_pages_of_last_resort_need_no_database(errors_are_pages, django_assert_num_queries, address):
    with django_assert_num_queries(0):
        errors_are_pages.get(address)


def test_a_form_that_was_open_for_too_long_is_refused_in_plain_words():
    response = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "a@example.org"})
    assert (response.status_code, text(response, "h1")) == (403, ["We could not accept that"])
