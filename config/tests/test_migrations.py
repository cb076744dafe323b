"""Migrations: a filled database goes back to nothing and forward again. `make check` says whether one is missing."""

import os
import re
import subprocess
import sys

import pytest

from conftest import ROOT, _fresh_database

OURS = ("reporting_", "insights_", "engagement_", "forums_", "people_", "core_")


def tables_of_ours(models: str) -> list[str]:
    return [name for name in re.findall(r"db_table = '(\w+)'", models) if name.startswith(OURS)]


def in_order(models: str) -> str:
    """The models with the rules of each table in one order: PostgreSQL tells several of them in any."""
    rules = re.compile(r"unique_together = \((.*)\)$", re.MULTILINE)
    return rules.sub(lambda found: f"unique_together = {sorted(re.findall(r'[(][^()]*[)]', found[1]))}", models)


@pytest.fixture
def manage(tmp_path):
    """manage("migrate") runs manage.py on a database of its own, beside the tests'."""
    with _fresh_database(tmp_path) as url:
        environment = os.environ | {"DATABASE_URL": url, "VAR_DIR": str(tmp_path)}

        def run(*arguments: str) -> str:
            command = [sys.executable, "manage.py", *arguments]
            done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
            assert done.returncode == 0, done.stderr[-2000:]
            return done.stdout

        yield run


def test_a_filled_database_goes_back_to_nothing_and_forward_again(manage):
    manage("migrate", "--verbosity=0")
    manage("load_demo")
    before = in_order(manage("inspectdb"))
    for app in OURS:
        manage("migrate", app.rstrip("_"), "zero", "--verbosity=0")
    assert tables_of_ours(manage("inspectdb")) == ["core_cache"]  # which no migration makes
    manage("migrate", "--verbosity=0")
    assert in_order(manage("inspectdb")) == before
    assert "Imported 28 rows of activities.csv" in manage("load_demo")
