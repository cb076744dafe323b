"""`manage.py load_demo`: the whole demo in an empty database, and nothing in one that is not."""

import io

import pytest
from django.core.management import CommandError, call_command

from core.models import AuditEvent
from engagement.models import Activity, Period
from forums.models import Forum
from insights.models import Response
from people.models import Organisation, Role, User
from people.tests import factories as people
from reporting.management.commands import load_demo
from reporting.models import Build

pytestmark = pytest.mark.django_db


def load() -> str:
    printed = io.StringIO()
    call_command("load_demo", stdout=printed)
    return printed.getvalue()


def counts() -> dict[str, int]:
    models = (Activity, AuditEvent, Build, Forum, Organisation, Response, Role, User)
    return {model.__name__: model.objects.count() for model in models}


def test_it_loads_the_profile_the_sheets_the_logins_and_asks_for_the_final_report():
    printed = load()

    period = Period.objects.get(code="2023-24")
    forums = Forum.objects.meeting_between(period.starts_on, period.ends_on)
    assert (Activity.objects.in_period(period).count(), forums.count()) == (28, 18)
    assert "Entered 4 invented projects" in printed
    assert "Entered 12 invented people" in printed
    assert Response.objects.filter(published_at__isnull=False).count() == Response.objects.count() == 14
    build = Build.objects.get()
    assert (build.report.period.code, build.becomes_final, build.state) == ("2023-24", True, "queued")
    assert str(build.requested_by) in printed or build.requested_by.email == "lead@example.org"
    assert "Imported 28 rows of activities.csv" in printed


def test_each_role_has_a_login_that_is_printed_and_works(client):
    printed = load()

    for role, email, _name in load_demo.LOGINS:
        assert f"  {role.label:<20}  {email:<24}  {load_demo.PASSWORD}\n" in printed
        user = User.objects.get(email=email)
        assert user.check_password(load_demo.PASSWORD)
        assert [row.name for row in user.roles.all()] == [role]
        assert user.emailaddress_set.get().verified
    answer = client.post("/accounts/login/", {"login": "officer@example.org", "password": load_demo.PASSWORD})
    assert (answer.status_code, "_auth_user_id" in client.session) == (302, True)


def test_loading_it_again_changes_nothing_and_prints_the_logins():
    load()
    Activity.objects.filter(reference="HWE-2023-014").update(title="Changed by the team")
    User.objects.get(email="member@example.org").delete()
    before = counts()
    printed = load()

    assert counts() == before
    assert Activity.objects.get(reference="HWE-2023-014").title == "Changed by the team"
    assert [line.split()[-2] for line in printed.splitlines()[1:]] == [
        email for _role, email, _name in load_demo.LOGINS if email != "member@example.org"
    ]


def test_a_database_that_holds_a_body_keeps_what_it_has():
    people.body()
    printed = load()

    assert not Activity.objects.exists()
    assert printed == "Log-ins of the demo:\n"


def test_it_refuses_where_the_logins_would_be_known_to_everybody(settings):
    settings.EMBEDDED = False

    with pytest.raises(CommandError, match="It loads only with EMBEDDED=1"):
        load()
    assert not User.objects.exists()


def test_a_sheet_that_is_wrong_leaves_nothing_behind(tmp_path, monkeypatch):
    for kind in load_demo.SHEETS:
        (tmp_path / f"{kind}.csv").write_bytes((load_demo.YEAR / f"{kind}.csv").read_bytes())
    sheet = tmp_path / "activities.csv"
    sheet.write_text(sheet.read_text().replace("over 30", "many"))
    monkeypatch.setattr(load_demo, "YEAR", tmp_path)

    with pytest.raises(CommandError, match=r"^activities\.csv: .*many"):
        load()
    assert not Organisation.objects.exists()
    assert not User.objects.exists()
