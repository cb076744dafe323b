"""What the demo lacks for the pages of plans, figures, assessments and reports: what was begun, and what waits.

`manage.py shell` runs `make` beside the product, and prints the addresses by who opens them, or by the button that is
pressed there with everything left empty. `tidy` takes away what would change how other reports are made.
"""

import datetime
import hashlib

from django.core.files.base import ContentFile
from django.utils import timezone

from core import profiles
from core.files import private_files
from engagement.models import Activity, Period
from forums.models import Forum
from people.models import User
from reporting.documents import formats
from reporting.documents.frozen import thaw
from reporting.documents.pages import Medium, page
from reporting.documents.shapes import shape_of
from reporting.management.commands import load_demo
from reporting.models import Build, Kpi, Plan, Report, RouteStep, Yardstick
from reporting.services import approvals, assessments, kpis, reports, sections
from reporting.tasks import build_report
from reporting.tests import factories
from reporting.tests import plan_factories as plans

YEAR = "2023-24"
DRAFTED, EARLIER, LATER = "2023-24-q1", "2023-24-q2", "2023-24-q3"  # quarters of which the demo has a record
THIN = "2026-27-q2"  # a quarter in which nothing happened
FIGURE = "letters-in-time"
KINDS = ("maturity", "domains", "evaluation")
SIDE = "people"


class States:
    def __init__(self):
        self.by = User.objects.get(email="lead@example.org")
        self.officer = User.objects.get(email="officer@example.org")
        self.committee = Forum.objects.get(name="System Transformation and Quality Improvement Committee")
        self.today: datetime.date = timezone.localdate()
        self.pages: dict[str, list[str]] = {}

    def add(self, name: str, *addresses: str) -> None:
        self.pages.setdefault(name, []).extend(addresses)

    def ago(self, days: int) -> datetime.date:
        return self.today - datetime.timedelta(days=days)

    def make(self) -> dict[str, list[str]]:
        self.plans()
        self.figures()
        self.assessments()
        self.route()
        self.in_approval()
        self.other_drafts()
        self.finals()
        self.formats()
        return self.pages

    @staticmethod
    def tidy() -> None:
        """Versions keep who has to look at them; what is made later goes the way of the demo, as before."""
        RouteStep.objects.filter(kind=Report.Kind.QUARTERLY).delete()
        profiles.load(load_demo.YEAR / "approvals.toml")

    # Plans, figures, assessments ------------------------------------------------------------------

    def plans(self) -> None:
        """Beside the published plan of the demo, a draft with a row of everything, and one without its words."""
        shown = Plan.objects.public().earliest("published_at")
        draft = plans.plan(title="How we listen to carers", next_review_on=self.ago(3))
        action = plans.priority(draft, owner="Head of engagement", activities=[Activity.objects.first()])
        waits = plans.milestone(action, self.ago(5), status="at_risk", forecast_on=self.today)
        done = plans.milestone(action, self.ago(40), status="done")
        risk, closed = plans.risk(draft, priority=action, review_on=self.ago(3)), plans.closed_risk(draft)
        line = plans.budget_line(draft, year=Period.objects.get(code=YEAR), spent=400)
        phase, review = plans.phase(draft, aims="Ask\nListen"), plans.plan_review(draft)
        own = plans.own_plan(action, title="How carers are asked", summary="")
        parts = ("actions", "risks", "money", "phases", "reviews")
        edited = {"actions": action, "milestones": waits, "risks": risk, "money": line, "phases": phase}
        self.add("staff", f"/reports/plans/{shown.pk}/", f"/reports/plans/{shown.pk}/edit/")
        self.add("staff", *(f"/reports/plans/{draft.pk}/{part}/add/" for part in parts))
        self.add("staff", f"/reports/plans/actions/{action.pk}/milestones/add/")
        self.add("staff", *(f"/reports/plans/{part}/{row.pk}/edit/" for part, row in edited.items()))
        self.add("staff", f"/reports/plans/reviews/{review.pk}/edit/", f"/reports/plans/add/?delivers={action.pk}")
        self.add("more", *(f"/reports/plans/{row.pk}/" for row in (draft, own)), "/reports/plans/?kind=action")
        self.add("more", f"/reports/plans/milestones/{done.pk}/edit/", f"/reports/plans/risks/{closed.pk}/edit/")
        self.add("Mark it as done", f"/reports/plans/milestones/{waits.pk}/edit/")
        self.add("Close the risk", f"/reports/plans/risks/{risk.pk}/edit/")
        self.add("Publish the plan", f"/reports/plans/{own.pk}/")
        self.add("zoomed", f"/reports/plans/{draft.pk}/", f"/reports/plans/milestones/{waits.pk}/edit/")
        self.add("public", f"/our-plans/{shown.code}/")

    def figures(self) -> None:
        """A share that somebody enters, with the value of a year and without that of a quarter."""
        figure = Kpi.objects.create(
            code=FIGURE,
            name="Letters answered in time",
            definition="Answered within 40 working days.",
            numerator="answered in time",
            denominator="letters",
            unit="share",
            direction="up",
            target=90,
        )
        year = Period.objects.get(code=YEAR)
        kpis.set_value(figure, year, by=self.by, numerator=30, denominator=40, source="The register of letters")
        self.add("staff", f"/reports/figures/{FIGURE}/{THIN}/value/", f"/reports/figures/{FIGURE}/?period={YEAR}")
        self.add("more", f"/reports/figures/activities-held/?period={YEAR}", f"/reports/figures/?period={YEAR}")
        self.add("more", f"/reports/figures/{FIGURE}/?period={THIN}")
        self.add("zoomed", f"/reports/figures/{FIGURE}/?period={YEAR}")

    def assessments(self) -> None:
        """Beside those of the demo, one that is judged in part, and one of which nothing is judged."""
        maturity, domains, evaluation = (Yardstick.objects.get(kind=kind) for kind in KINDS)
        year = {"by": self.by, "period": Period.objects.get(code="2025-26"), "made_on": self.today}
        draft = assessments.begin_assessment(maturity, forum=self.committee, **year)
        empty = assessments.begin_assessment(domains, assessor="nhse", **year)
        words = assessments.begin_assessment(evaluation, **year)
        assessments.judge(words, evaluation.dimensions.first(), by=self.by, perspective=SIDE, text="It helped.")
        assessments.judge(
            draft,
            maturity.dimensions.get(number=1),
            by=self.by,
            level=maturity.levels.first(),
            text="Forums meet.",
            gap="Nobody asks carers.",
            next_step="Ask carers.",
            owner="Head of engagement",
            due_on=self.ago(3),
            activities=[Activity.objects.first()],
            proofs=[("The minutes", "https://example.org/minutes"), ("A letter", "")],
        )
        final = domains.assessments.exclude(final_at=None).first()
        self.add("staff", f"/reports/assessments/{final.pk}/", f"/reports/assessments/yardsticks/{domains.pk}/")
        self.add("staff", f"/reports/assessments/yardsticks/{maturity.pk}/begin/")
        self.add("staff", f"/reports/assessments/{draft.pk}/judge/1/")
        self.add("more", *(f"/reports/assessments/{row.pk}/" for row in (draft, empty, words)))
        self.add("more", *(f"/reports/assessments/yardsticks/{row.yardstick_id}/" for row in (draft, words)))
        self.add("more", f"/reports/assessments/{words.pk}/judge/1/{SIDE}/")
        self.add("Make it final", f"/reports/assessments/{draft.pk}/")
        self.add("Take it back to a draft", f"/reports/assessments/{final.pk}/")
        self.add("zoomed", f"/reports/assessments/{draft.pk}/")

    # Reports -----------------------------------------------------------------------------------------

    def route(self) -> None:
        """The committee comments on a quarterly report, then the board agrees it."""
        RouteStep.objects.filter(kind=Report.Kind.QUARTERLY).delete()
        board = Forum.objects.get(name="ICB Board")
        for order, (forum, task) in enumerate(((self.committee, "comments"), (board, "agrees")), start=1):
            RouteStep.objects.create(kind=Report.Kind.QUARTERLY, order=order, forum=forum, task=task)

    def in_approval(self) -> None:
        """A version with its real files, halfway on its way, of which people have said something."""
        period = Period.objects.get(code=DRAFTED)
        report = factories.report(period, kind=Report.Kind.QUARTERLY)
        sections.write_section(report, "first", by=self.officer, text="Agree the plan.", computed="Nothing.")
        build = reports.request_report(period, by=self.by, kind=report.kind, in_background=False)
        build_report(build.pk)
        build.refresh_from_db()
        sections.write_section(report, "first", by=self.by, text="Agree the plan for carers.", computed="No plan.")
        open_comment = sections.add_comment(build, by=self.officer, section="first", text="Say by when.")
        settled = sections.add_comment(build, by=self.by, text="It is long.")
        sections.settle_comment(settled, by=self.by, answer="It is as long as it was.")
        said = {"result": "partly", "text": "We asked carers.", "said_on": self.today}
        statement = approvals.say_statement(report, self.committee, by=self.by, **said)
        approvals.send_for_approval(build, by=self.by)
        first, second = build.approvals.all()
        approvals.record_result(first, by=self.by, result="passed", decided_on=self.today, note="It is clear.")
        reports.note_download(build, "pdf", by=self.officer)
        here = f"/reports/builds/{build.pk}/"
        self.add("staff", here, f"/reports/approvals/{second.pk}/", f"/reports/comments/{open_comment.pk}/")
        self.add("staff", f"/reports/statements/{statement.pk}/", f"{here}comments/new/", f"{here}downloads/")
        self.add("staff", *(f"/reports/{report.pk}/{name}" for name in ("", "sections/", "sections/first/")))
        self.add("staff", f"/reports/{report.pk}/statements/new/")
        self.add("more", f"/reports/{report.pk}/sections/duties/", f"/reports/approvals/{first.pk}/")
        self.add("zoomed", here, f"/reports/{report.pk}/sections/first/")
        self.add("web page", f"{here}report.html")

    def other_drafts(self) -> None:
        """One that was sent back, one that nobody has sent yet, one of a kind that goes to nobody, one that failed."""
        returned, unsent = self.drawn("quarterly", THIN), self.drawn("quarterly", THIN)
        first = approvals.send_for_approval(returned, by=self.by).approvals.first()
        words = {"result": "returned", "decided_on": self.today, "note": "Say what changed."}
        approvals.record_result(first, by=self.by, **words)
        free = self.drawn("assessment", "2022-23")
        failed = factories.failed_build(unsent.report)
        self.add("more", *(f"/reports/builds/{build.pk}/" for build in (returned, unsent, free, failed)))
        self.add("more", f"/reports/{free.report_id}/sections/")
        self.add("web page", f"/reports/builds/{unsent.pk}/report.html")

    def finals(self) -> None:
        """Final versions that everybody can read, one of them replaced, and what changed from one to the next."""
        final = {"status": Build.Status.FINAL, "becomes_final": True}
        shared = final | {"published_at": timezone.now(), "published_by": self.by}
        replaced = self.drawn("quarterly", LATER, **shared | {"status": Build.Status.SUPERSEDED})
        last, pack = self.drawn("quarterly", LATER, **shared), self.drawn("assessment", YEAR, **shared)
        first = self.drawn("quarterly", EARLIER, **final)
        for build in (last, first, pack):
            self.add("final", f"/reports/builds/{build.pk}/", f"/reports/builds/{build.pk}/changes/")
        self.add("final", f"/reports/builds/{replaced.pk}/")
        self.add("web page", *(f"/reports/builds/{build.pk}/report.html" for build in (last, pack)))
        self.add("public", *(f"/reports/published/{build.pk}/report.html" for build in (last, pack)))

    def drawn(self, kind: str, code: str, **fields) -> Build:
        """A finished version with its real web page and formats. Its PDFs are not laid out, which takes long."""
        report = factories.report(Period.objects.get(code=code), kind=kind)
        shape, held = shape_of(report), factories.snapshot(report)
        facts = thaw(shape.facts, held.data)
        shared = {"fingerprint": held.sha256, "is_draft": not fields.get("becomes_final")}
        web_page = page(shape, facts, medium=Medium.SCREEN, **shared)
        build = factories.finished_build(report, html=web_page.encode(), **fields)
        for made in formats.make(kind, facts, **shared):
            fingerprint = hashlib.sha256(made.content).hexdigest()
            name = f"reports/{code}/{fingerprint}.{made.ending}"
            if not private_files().exists(name):
                private_files().save(name, ContentFile(made.content))
            build.files.create(kind=made.kind, file=name, sha256=fingerprint, pages=made.pages)
        return build

    def formats(self) -> None:
        """Of the annual report: a translation that is late, one from right to left, an Easy Read nobody checked."""
        here = Report.objects.get(kind=Report.Kind.ANNUAL, period__code=YEAR).alternatives
        file = lambda name: ContentFile(b"%PDF-1.7", name=name)  # noqa: E731
        here.create(kind="translation", language="Romanian", owner="Editor", due_on=self.ago(3))
        here.create(kind="translation", language="Urdu", file=file("urdu.pdf"))
        here.create(kind="easy_read", file=file("easy.pdf"), owner="Editor", due_on=self.today)
