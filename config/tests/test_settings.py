"""Settings that hold a promise: production refuses to start half set up, no task is lost, browsers get the headers."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from config.celery import app
from conftest import ROOT
from people.tests import factories

COMPLETE = {
    "EMBEDDED": "0",
    "DEBUG": "0",
    "SECRET_KEY": "for-the-tests-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "engagement.example",
    "SITE_URL": "https://engagement.example",
    "DATABASE_URL": "postgres://unused",
    "REDIS_URL": "redis://unused",
    "EMAIL_HOST": "unused",
}
# manage.py, without the .env of whoever runs the tests: it would fill in the variable that is left out.
RUN_WITHOUT_DOTENV = """
import sys
from environs import Env
Env.read_env = lambda *args, **kwargs: None
from django.core.management import execute_from_command_line
execute_from_command_line(["manage.py", *sys.argv[1:]])
"""
PRINT_COOKIES = """
from django.conf import settings
names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME")
flags = ("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
         "SECURE_SSL_REDIRECT", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
same_site = {settings.SESSION_COOKIE_SAMESITE, settings.CSRF_COOKIE_SAMESITE}
paths = {settings.SESSION_COOKIE_PATH, settings.CSRF_COOKIE_PATH}
paths |= {settings.SESSION_COOKIE_DOMAIN, settings.CSRF_COOKIE_DOMAIN}
print([getattr(settings, name) for name in names])
print({getattr(settings, name) for name in flags}, same_site, paths == {"/", None}, settings.SECURE_HSTS_SECONDS)
"""


def manage(*arguments: str, **changes: str | None) -> tuple[int, str]:
    """What manage.py says in production; None leaves a variable out."""
    ours = COMPLETE | {"REQUIRE_SECOND_FACTOR": None, "ALLOW_HTTP": None, "VAR_DIR": None} | changes
    environment = {name: value for name, value in os.environ.items() if name not in ours}
    environment |= {name: value for name, value in ours.items() if value is not None}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    done = subprocess.run(
        [sys.executable, "-c", RUN_WITHOUT_DOTENV, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


# Production --------------------------------------------------------------------------------------


def test_a_complete_production_passes_every_check_of_django():
    assert manage("check", "--deploy", "--fail-level", "WARNING")[0] == 0


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "SITE_URL", "DATABASE_URL", "REDIS_URL"])
def test_production_does_not_start_without(name):
    code, said = manage("check", **{name: None})
    assert (code, f'Environment variable "{name}" not set' in said) == (1, True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SITE_URL": "http://engagement.example"}, "SITE_URL must start with https://"),
        ({"REQUIRE_SECOND_FACTOR": "0"}, "REQUIRE_SECOND_FACTOR=0 is for the embedded demo alone"),
        ({"DEBUG": "perhaps"}, 'Environment variable "DEBUG" invalid'),
        ({"EMBEDDED": "maybe"}, 'Environment variable "EMBEDDED" invalid'),
        ({"LOG_LEVEL": "LOUD"}, 'Environment variable "LOG_LEVEL" invalid'),
    ],
)
def test_production_does_not_start_with(changes, words):
    code, said = manage("check", **changes)
    assert (code, words in said) == (1, True)


def test_production_neither_debugs_nor_serves_a_set_of_hosts_nobody_named():
    code, said = manage(
        "shell", "-v0", "-c", "from django.conf import settings as s; print(s.DEBUG, s.EMBEDDED, s.ALLOWED_HOSTS)"
    )
    assert (code, said.strip()) == (0, "False False ['engagement.example']")


def test_cookies_under_https_are_bound_to_the_host_and_never_sent_in_the_clear():
    code, said = manage("shell", "-v0", "-c", PRINT_COOKIES)
    assert (code, said.splitlines()) == (
        0,
        ["['__Host-session', '__Host-csrf', '__Host-language']", "{True} {'Lax'} True 31536000"],
    )


def test_the_demo_does_not_load_in_production():
    code, said = manage("load_demo")
    assert (code, "It loads only with EMBEDDED=1." in said) == (1, True)


# Tasks -------------------------------------------------------------------------------------------


def test_a_task_is_not_lost_with_its_worker():
    assert (app.conf.task_acks_late, app.conf.task_reject_on_worker_lost, app.conf.worker_prefetch_multiplier) == (
        True,
        True,
        1,
    )


def test_messages_are_json_and_nothing_else():
    assert (app.conf.task_serializer, app.conf.accept_content) == ("json", ["json"])
    assert app.conf.task_ignore_result is True


def test_a_task_ends_before_redis_hands_it_to_another_worker():
    code, said = manage(
        "shell",
        "-v0",
        "-c",
        "from config.celery import app; c = app.conf; print(c.task_time_limit, c.broker_transport_options)",
    )
    limit, _, options = said.partition(" ")
    assert code == 0
    assert 0 < int(limit) < 900
    assert "'visibility_timeout': 900" in options


def test_jobs_are_swept_up_more_often_than_a_lease_runs_out():
    assert 0 < settings.JOB_SWEEP_SECONDS < settings.JOB_LEASE_SECONDS < app.conf.task_time_limit
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} == {"core.tasks.sweep", "core.tasks.daily"}


def test_every_task_that_beat_rings_for_exists():
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


# Headers -----------------------------------------------------------------------------------------

SAFETY = {
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
}
POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/nowhere/", "/accounts/login/", "/reports/", "/admin/", "/healthz"])
def test_every_answer_carries_the_headers_that_keep_a_browser_safe(client, address):
    response = client.get(address)
    policy = response["Content-Security-Policy"]
    assert sorted(policy.split("; ")) == sorted(POLICY.split("; "))
    assert {name: response[name] for name in SAFETY - {"Content-Security-Policy"}} == {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/reports/", "/admin/", "/nowhere/"])
def test_what_a_signed_in_person_sees_is_not_kept_by_the_browser(client, address):
    client.force_login(factories.user("lead"))
    kept = set(client.get(address)["Cache-Control"].split(", "))
    assert kept == {"max-age=0", "no-cache", "no-store", "must-revalidate", "private"}
