"""The demo: Hertfordshire and West Essex ICB with its year 2023-24, and a log-in for each role."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from core import imports, profiles, search, tables
from engagement.demo import DemoProjects
from engagement.models import Period
from forums.demo import DemoRegister
from insights.demo import DemoInsight
from insights.models import Response
from insights.services.responses import publish_response
from people.models import Organisation, Role, User
from people.services import grant_role
from reporting.demo import load_plans_demo
from reporting.demo_assessments import load_assessments
from reporting.services.reports import request_report

PROFILES = Path(settings.BASE_DIR) / "profiles"
PROFILE = PROFILES / "hertfordshire-and-west-essex.toml"
FORUMS = PROFILES / "hertfordshire-and-west-essex-forums.toml"
YEAR = PROFILES / "demo" / "hertfordshire-and-west-essex-2023-24"
REGISTER = YEAR / "register.toml"
PROJECTS = YEAR / "projects.toml"
INSIGHT = YEAR / "insight.toml"
POPULATION = PROFILES / "hertfordshire-and-west-essex-population.csv"
SHEETS = ("forums", "activities", "you_said_we_did")
PERIOD = "2023-24"
PASSWORD = "listen-to-people-2024"  # noqa: S105  printed on the screen; load_demo refuses to run outside the embedded set-up
LOGINS = (
    (Role.Name.ADMINISTRATOR, "admin@example.org", "Ada Okoro"),
    (Role.Name.LEAD, "lead@example.org", "Leah Brand"),
    (Role.Name.OFFICER, "officer@example.org", "Omar Finch"),
    (Role.Name.PROJECT_LEAD, "project@example.org", "Priya Holt"),
    (Role.Name.SECRETARY, "secretary@example.org", "Sam Secker"),
    (Role.Name.SAFEGUARDING, "safeguarding@example.org", "Sana Gardener"),
    (Role.Name.MEMBER, "member@example.org", "Mary Ember"),
    (Role.Name.PARTNER, "partner@example.org", "Pat Arkwright"),
)
PARTNER = "Hertfordshire County Council"


class Command(BaseCommand):
    help = (
        "Load the demo into an empty database, and print its log-ins. A database that holds a body keeps what it has."
    )

    def handle(self, **options):
        if not settings.EMBEDDED:
            raise CommandError("The demo has log-ins that everybody knows. It loads only with EMBEDDED=1.")
        if not Organisation.objects.filter(is_body=True).exists():
            self.load()
        self.print_logins()

    @transaction.atomic
    def load(self) -> None:
        loaded = profiles.load(PROFILE)
        self.stdout.write(f"Loaded the profile: {sum(loaded.sections.values())} rows")
        users = {role: self.make_login(role, email, name) for role, email, name in LOGINS}
        lead = users[Role.Name.LEAD]
        self.take_in("population", POPULATION, lead)
        for kind in SHEETS:
            self.take_in(kind, YEAR / f"{kind}.csv", lead)
        profiles.load(FORUMS)
        people = DemoRegister(REGISTER, by=lead).load()
        self.stdout.write(f"Entered {people} invented people, with their seats, meetings and papers")
        projects = DemoProjects(PROJECTS, by=lead, senior=users[Role.Name.ADMINISTRATOR]).load()
        self.stdout.write(f"Entered {projects} invented projects, with their plans, checks, surveys and evidence")
        for response in Response.objects.order_by("reference"):
            publish_response(response, by=lead, is_old=True)
        comments = DemoInsight(INSIGHT, by=lead, senior=users[Role.Name.ADMINISTRATOR]).load()
        self.stdout.write(f"Entered {comments} comments, with themes, findings, a decision and what came of it")
        steps = load_plans_demo(YEAR, by=lead)
        self.stdout.write(f"Entered an invented plan with {steps} milestones, its risks and its money")
        profiles.load(YEAR / "approvals.toml")
        judged = load_assessments(YEAR / "assessments.toml", by=lead)
        self.stdout.write(f"Entered {judged} invented self-assessments")
        for code in search.kinds():
            search.rebuild(code)  # days were moved back behind its back
        request_report(Period.objects.get(code=PERIOD), by=lead, final=True)
        self.stdout.write(f"Asked for the annual report of {PERIOD}: it is on the reports page in a few seconds")

    def make_login(self, role, email, name) -> User:
        user = User.objects.create_user(email, PASSWORD, name=name)
        user.emailaddress_set.create(email=email, primary=True, verified=True)
        works_for = Organisation.objects.get(name=PARTNER) if role == Role.Name.PARTNER else None
        grant_role(user, role, by=None, organisation=works_for)
        return user

    def take_in(self, kind, path, by) -> None:
        found = imports.take_in(tables.kinds()[kind], path.read_bytes(), path.name, by=by, dry_run=False)
        if not found["accepted"]:
            raise CommandError(f"{path.name}: {found['errors']}")
        self.stdout.write(f"Imported {found['created']} rows of {path.name}")

    def print_logins(self) -> None:
        there = set(User.objects.values_list("email", flat=True))
        self.stdout.write("Log-ins of the demo:")
        for role, email, _name in LOGINS:
            if email in there:
                self.stdout.write(f"  {role.label:<20}  {email:<24}  {PASSWORD}")
