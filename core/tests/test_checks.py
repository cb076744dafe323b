"""System checks on the machine and on the way it is set up."""

from core import checks


def test_a_machine_with_pango_passes():
    assert checks.pdf_libraries(None) == []


def test_a_missing_library_is_reported_with_the_line_that_installs_it(monkeypatch):
    monkeypatch.setitem(checks.PDF_LIBRARIES, "libmadeup0", ("libmadeup.so.0",))

    [warning] = checks.pdf_libraries(None)

    assert (warning.id, warning.hint) == (
        "core.W001",
        "Run: sudo apt-get install -y --no-install-recommends libmadeup0",
    )


def test_the_demo_on_one_machine_is_not_taken_for_production(settings, monkeypatch):
    settings.EMBEDDED = True
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    settings.EMAIL_HOST = ""

    assert [warning.id for warning in checks.production(None)] == ["core.W002", "core.W003", "core.W004"]


def test_a_complete_set_up_passes(settings, monkeypatch):
    settings.EMBEDDED = False
    monkeypatch.setitem(settings.DATABASES["default"], "ENGINE", "django.db.backends.postgresql")
    settings.EMAIL_HOST = "mail.example"

    assert checks.production(None) == []
