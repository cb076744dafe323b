"""What every test stands on: an environment of its own, no undefined template variable, and the running product."""

import atexit
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

ROOT = Path(__file__).parent
VAR_DIR = Path(tempfile.mkdtemp(prefix="engagement-tests-"))
atexit.register(shutil.rmtree, VAR_DIR, ignore_errors=True)

# Django reads the environment once, so it is complete before the first import of Django, and a .env adds nothing to it.
# `scripts/test` gives DATABASE_URL and REDIS_URL for its second run.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "config.settings",
    "DEBUG": "0",
    "EMBEDDED": "1",
    "REQUIRE_SECOND_FACTOR": "0",
    "SECRET_KEY": "for-the-tests-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "127.0.0.1,localhost,testserver",
    "SITE_URL": "http://127.0.0.1:8000",
    "VAR_DIR": str(VAR_DIR),
    "DATABASE_URL": os.environ.get("DATABASE_URL", f"sqlite:///{VAR_DIR / 'db.sqlite3'}"),
    "REDIS_URL": os.environ.get("REDIS_URL", ""),
    "LOG_LEVEL": "WARNING",
    "EMAIL_HOST": "",
}
(VAR_DIR / "static").mkdir(parents=True)

import django  # noqa: E402

django.setup()

import pytest  # noqa: E402
from django.conf import settings as django_settings  # noqa: E402
from django.template import engines  # noqa: E402
from django.template.base import Node  # noqa: E402

SECONDS_TO_BEGIN = 240
# Each test client starts the middleware anew, which would list every static file: a sixth of the time of all tests.
django_settings.WHITENOISE_USE_FINDERS = False


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: while Playwright is at work, Django refuses the database to its thread."""
    for item in items:
        if "browser" in item.fixturenames:
            item.add_marker("browser")
    items.sort(key=lambda item: "browser" in item.fixturenames)


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "files"
    return settings.MEDIA_ROOT


@pytest.fixture
def eager_tasks() -> Iterator[None]:
    """Tasks run where they are called, and their errors come out there."""
    from config.celery import app

    with _changed(app.conf, task_always_eager=True, task_eager_propagates=True):
        yield


class _changed:
    def __init__(self, target: object, **values: object):
        self.target, self.values = target, values

    def __enter__(self) -> None:
        self.before = {name: getattr(self.target, name) for name in self.values}
        for name, value in self.values.items():
            setattr(self.target, name, value)

    def __exit__(self, *error: object) -> None:
        for name, value in self.before.items():
            setattr(self.target, name, value)


class NoPango:
    """Finds WeasyPrint, and cannot load it: what its import says on a machine without Pango."""

    def find_spec(self, name, path=None, target=None):
        if name == "weasyprint":
            raise OSError("cannot load library 'libgobject-2.0-0'")


@pytest.fixture
def without_pango(monkeypatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [NoPango(), *sys.meta_path])
    for name in [name for name in sys.modules if name.partition(".")[0] == "weasyprint"]:
        monkeypatch.delitem(sys.modules, name)


# Templates ---------------------------------------------------------------------------------------


class UndefinedVariable(Exception):
    pass


class RefuseUndefined:
    """Stands in for Django's `string_if_invalid`: an undefined variable in one of our own templates is an error.

    Django calls `%` on it with the variable's name. The admin and other packages rely on undefined variables being
    empty, so the template is looked up first: it is the origin of the node that is being rendered.
    """

    def __contains__(self, text: str) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        frame = sys._getframe(1)
        while frame:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None):
                path = Path(node.origin.name)
                if ROOT in path.parents and Path(sys.prefix) not in path.parents:
                    line = node.token.lineno if node.token else "?"
                    raise UndefinedVariable(f"{variable} in {path.relative_to(ROOT)}, line {line}")
                return ""
            frame = frame.f_back
        return ""


@pytest.fixture(scope="session", autouse=True)
def no_undefined_variables() -> None:
    engines["django"].engine.string_if_invalid = RefuseUndefined()


# The running product -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Product:
    """The product as `make run` starts it, in processes of its own, with the demo in a database of its own."""

    url: str
    logins: dict[str, Login]
    var_dir: Path
    environment: dict[str, str]
    output_file: Path
    pid: int

    def output(self) -> str:
        """Everything that its processes have printed, e-mail included."""
        return self.output_file.read_text()

    def manage(self, *arguments: str) -> str:
        """What `manage.py` prints, run beside it on the same database."""
        command = [sys.executable, "manage.py", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        ).stdout


@pytest.fixture(scope="session")
def product(tmp_path_factory) -> Iterator[Product]:
    folder = tmp_path_factory.mktemp("product")
    with _fresh_database(folder) as database_url:
        # Redis numbers its databases: the tests have 0, the product 1.
        redis_url = re.sub(r"/0$", "/1", django_settings.REDIS_URL)
        environment = os.environ | {"VAR_DIR": str(folder), "DATABASE_URL": database_url, "REDIS_URL": redis_url}
        del environment["SITE_URL"]
        output_file = folder / "output.txt"
        with output_file.open("w") as output:
            command = [sys.executable, "manage.py", "start", "--demo", "127.0.0.1:0"]
            process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
        try:
            url = _wait_for_address(process, output_file)
            yield Product(url, _logins(output_file.read_text()), folder, environment, output_file, process.pid)
        finally:
            process.terminate()
            process.wait(30)


def _wait_for_address(process: subprocess.Popen, output_file: Path) -> str:
    deadline = time.monotonic() + SECONDS_TO_BEGIN
    while process.poll() is None and time.monotonic() < deadline:
        if found := re.search(r"^Ready: (http://\S+?)/? ", output_file.read_text(), re.MULTILINE):
            return found[1]
        time.sleep(0.05)
    raise AssertionError(f"the product did not start:\n{output_file.read_text()[-3000:]}")


def _logins(printed: str) -> dict[str, Login]:
    """The lines `role  e-mail  password` that load_demo prints."""
    lines = re.findall(r"^ *(\S.*?) {2,}(\S+@\S+) {2,}(\S+) *$", printed, re.MULTILINE)
    return {role: Login(role, email, password) for role, email, password in lines}


class _fresh_database:
    """The address of an empty database: a file, or one made beside the test run's on the same server."""

    def __init__(self, folder: Path):
        self.url = f"sqlite:///{folder / 'db.sqlite3'}"
        self.name = ""
        if django_settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
            self.name = f"product_{secrets.token_hex(6)}"
            self.url = re.sub(r"/[^/]*$", f"/{self.name}", os.environ["DATABASE_URL"])

    def __enter__(self) -> str:
        self._run(f"CREATE DATABASE {self.name}")
        return self.url

    def __exit__(self, *error: object) -> None:
        self._run(f"DROP DATABASE {self.name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        if self.name:
            import psycopg2

            connection = psycopg2.connect(os.environ["DATABASE_URL"])
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(statement)
            connection.close()


# The browser -------------------------------------------------------------------------------------

BROWSER_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # a container has little of it
]
ACCESSIBILITY_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],  # what passes is not described, which halves the time
}


@pytest.fixture(scope="session")
def browser() -> Iterator:
    """Chromium. A test opens its own page or context, and closes it."""
    from playwright.sync_api import sync_playwright

    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "no Chromium was found. Install it (Debian: sudo apt-get install -y chromium)."
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=found, args=BROWSER_FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, product) -> Iterator:
    """A new visitor's page, on which the product's relative addresses work: page.goto("/")."""
    context = browser.new_context(base_url=product.url)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def axe() -> Callable[[object], list[str]]:
    """What axe finds on a Playwright page, one line for each offending element: rule, selector, reason."""
    source = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text()

    def violations(page) -> list[str]:
        # evaluate() goes by the debugger, which the page's Content-Security-Policy does not stop.
        page.evaluate(source)
        found = page.evaluate("rules => axe.run(document, rules)", ACCESSIBILITY_RULES)["violations"]
        return [
            f"{rule['id']} {' '.join(map(str, node['target']))}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"]
        ]

    return violations
