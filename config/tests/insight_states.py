"""What the demo lacks for the pages of insight: what waits for somebody, and what was just begun.

`manage.py shell` runs `make` beside the product, and prints the addresses by who opens them.
"""

import datetime
import uuid

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from engagement.models import Activity, Topic
from engagement.services import publication
from forums.models import Forum, QualityVisit
from insights.jobs import learning
from insights.models import (
    Campaign,
    Collection,
    Comment,
    Decision,
    Finding,
    Frame,
    LearningRun,
    Response,
    SampleCheck,
    Source,
    SourceKind,
    Story,
)
from insights.services import (
    boards,
    contributions,
    decisions,
    files,
    lessons,
    quotes,
    receipts,
    recommendations,
    remarks,
    responses,
    sampling,
    uploads,
)
from insights.tests import insight_factories
from people.models import Area, FormatRequest, Organisation, Person, User

TRANSPORT = "Asking people who travel by patient transport"
SAID = {
    "purpose": "To hear from carers.",
    "can_influence": "The opening hours.",
    "cannot_influence": "The building, as it is leased.",
    "route_without_internet": "By telephone.",
}
PARTNER = "partner@example.org"


class States:
    def __init__(self):
        self.by = User.objects.get(email="lead@example.org")
        self.today: datetime.date = timezone.localdate()
        self.pages: dict[str, list[str]] = {}

    def add(self, who: str, *addresses: str) -> None:
        self.pages.setdefault(who, []).extend(addresses)

    def make(self) -> dict[str, list[str]]:
        self.activity = Activity.objects.get(title=TRANSPORT)
        self.answer = Response.objects.get(you_said__startswith="You do not know how long")
        self.board = Forum.objects.get(name="ICB Board")
        self.public_pages()
        self.library()
        self.comments()
        self.learning()
        self.findings()
        self.loop()
        self.partner()
        self.visits_and_formats()
        return self.pages

    def public_pages(self) -> None:
        """Every activity but one can be read by everybody."""
        quiet = Activity.objects.exclude(pk=self.activity.pk).exclude(starts_on=None).order_by("pk").first()
        for row in Activity.objects.exclude(pk=quiet.pk):
            for name, words in SAID.items():
                setattr(row, name, getattr(row, name) or words)
            row.save(update_fields=[*SAID])
            publication.publish_page(row, by=self.by)
        self.add("publishing", *(f"/record/activities/{pk}/publish/" for pk in (quiet.pk, self.activity.pk)))
        finding = Finding.objects.exclude(published_at=None).get()
        self.add("public", f"/library/findings/{finding.reference}/", f"/you-said-we-did/{self.answer.reference}/")
        self.activity.refresh_from_db()
        place = Area.objects.exclude(slug="").first()
        self.add("public", f"/taking-part/activities/{self.activity.slug}/", f"/taking-part/places/{place.slug}/")

    # Staff -----------------------------------------------------------------------------------------

    def library(self) -> None:
        report = self.report = Source.objects.get(title="The journey to hospital and home again")
        story = Story.objects.get().source
        file = lambda words: SimpleUploadedFile("file.txt", words.encode())  # noqa: E731
        files.add_file(report, by=self.by, title="The report", file=file("What we heard."))
        held = files.add_file(report, by=self.by, title="Notes", file=file("NHS number 943 476 5919"))
        asked = recommendations.add_recommendation(report, by=self.by, text="Ring people who wait.")
        agreed = recommendations.add_recommendation(
            report,
            by=self.by,
            text="Put a clock in the waiting room.",
            committee=self.board,
            considered_on=self.today,
            outcome="accepted",
            because="It costs little.",
            action="A clock is bought.",
            owner="Head of estates",
            due_on=self.today,
        )
        remark = remarks.send_remark(report, words="The second page has the wrong year.", form_token=uuid.uuid4())
        lesson = lessons.add_lesson(
            by=self.by,
            kind="negative",
            what_happened="Cards ran out.",
            action="Print more.",
            owner="Head of engagement",
        )
        boards.subscribe(self.board, by=self.by, topic=report.topics.first())
        self.add("insight", *(f"/insight/library/{pk}/" for pk in Source.objects.values_list("pk", flat=True)))
        self.add("insight", *(f"/insight/library/{report.pk}/{page}/" for page in ("edit", "rate", "files/add")))
        self.add("insight", *(f"/insight/library/{story.pk}/story/{page}" for page in ("", "withdraw/", "heard/")))
        self.add(
            "insight",
            f"/insight/library-files/{held.pk}/release/",
            f"/insight/remarks/{remark.pk}/",
            f"/insight/library/{report.pk}/recommendations/add/",
            f"/insight/recommendations/{asked.pk}/edit/",
            f"/insight/recommendations/{agreed.pk}/done/",
            f"/insight/lessons/{lesson.pk}/edit/",
            f"/insight/boards/{self.board.pk}/",
            f"/insight/boards/{self.board.pk}/topics/add/",
            f"/insight/passed-on/source/{report.pk}/add/",
            f"/insight/passed-on/response/{self.answer.pk}/add/",
            f"/insight/uses/source/{report.pk}/add/",
        )
        self.add("public", f"/library/items/{report.reference}/")
        self.add("zoomed", f"/insight/library/{report.pk}/", f"/insight/library/{report.pk}/edit/")

    def comments(self) -> None:
        here = self.collection = Collection.objects.get(activity=self.activity)
        comment = self.comment = here.comments.get(text__startswith="The driver saw me")
        held = insight_factories.comment("Ring me on 01632 960 001.", collection=here, is_held=True, found={"phone": 1})
        campaign = Campaign.objects.create(collection=here, kind="campaign", size=3)
        Comment.objects.filter(pk__in=here.comments.order_by("pk")[2:5]).update(campaign=campaign)
        quotes.add_quote(
            comment, by=self.by, words=comment.text, said_by_whom="A carer", consent="form", consent_on=self.today
        )
        good, wrong = b"comment_id,date,comment\nn1,2026-01-02,The seat was hard.\n", b"name\nx\n"
        sent = [
            uploads.add_upload(here, by=self.by, file=SimpleUploadedFile(name, words))
            for name, words in (("more.csv", good), ("wrong.csv", wrong))
        ]
        of_collection = ("", "all/", "read/", "type/", "file/", "alike/", "code/", "learn/", "suggestions/")
        self.add("insight", *(f"/insight/comments/{here.pk}/{page}" for page in of_collection))
        self.add("insight", *(f"/insight/comment/{comment.pk}/{page}" for page in ("", "quote/", "code/")))
        self.add("insight", f"/insight/comment/{held.pk}/", f"/insight/comment/{held.pk}/decide/")
        self.add("insight", f"/insight/comments/alike/{campaign.pk}/", f"/insight/thread/comments/{comment.pk}/")
        self.add("insight", *(f"/insight/comments/files/{upload.pk}/" for upload in sent))

    def learning(self) -> None:
        """Two rounds: a sample of the first is checked, one of the second waits."""
        frame = Frame.objects.get(is_default=True)
        first, second = self.round_of_learning(frame, "older"), self.round_of_learning(frame, "newer")
        for each in first.sampled.all():
            themes = frame.themes.filter(pk__in=each.machine)
            sampling.judge(first, each.comment, by=self.by, themes=themes, frame_edition=frame.edition)
        theme = frame.themes.get(name="Timeliness of care")
        self.add("insight", *(f"/insight/frames/{frame.pk}/{page}" for page in ("", "edit/", "themes/add/")))
        self.add("insight", *(f"/insight/frames/themes/{theme.pk}/{page}/" for page in ("edit", "retire")))
        self.add("insight", f"/insight/learning/{second.run_id}/", f"/insight/learning/{second.run_id}/sample/")
        self.add("insight", f"/insight/samples/{first.pk}/", f"/insight/samples/{first.pk}/accept/")
        self.add("insight", f"/insight/samples/{second.pk}/", f"/insight/samples/{second.pk}/code/")
        self.add("insight", f"/insight/collections/{self.collection.pk}/themes/", f"/insight/themes/{theme.pk}/")
        self.add("zoomed", f"/insight/comment/{self.comment.pk}/code/")

    def round_of_learning(self, frame: Frame, name: str) -> SampleCheck:
        for number in range(30):
            text = f"I waited {number} minutes in the {name} car, and the driver was friendly."
            insight_factories.comment(text, collection=self.collection)
        run = LearningRun.objects.create(
            collection=self.collection, frame=frame, frame_edition=frame.edition, requested_by=self.by
        )
        learning.carry_out(LearningRun.objects.claim(run.pk))
        run.refresh_from_db()
        return sampling.start_check(run, by=self.by, size=run.result["comments"])

    def findings(self) -> None:
        draft = insight_factories.finding(statement="People cannot stand for long at the door.", written_by=self.by)
        agreed = Finding.objects.filter(state="agreed").first()
        decision = decisions.add_decision(
            by=self.by,
            body=self.board,
            decided_on=self.today,
            title="Seats at the door",
            paper="Paper 2",
            options="Yes\nNo",
            decided="Yes",
            because="People cannot stand.",
        )
        for name, model in (("findings", Finding), ("decisions", Decision)):
            self.add("insight", *(f"/insight/{name}/{pk}/" for pk in model.objects.values_list("pk", flat=True)))
        self.add("insight", f"/insight/findings/{draft.pk}/edit/", f"/insight/findings/{draft.pk}/evidence/add/")
        self.add("insight", f"/insight/uses/finding/{agreed.pk}/add/")
        self.add("insight", f"/insight/decisions/{decision.pk}/edit/", f"/insight/decisions/{decision.pk}/weighed/add/")

    def loop(self) -> None:
        draft = responses.create_response(
            self.activity,
            by=self.by,
            topic=Topic.objects.first(),
            you_said="You would like seats at the door.",
            we_did="We look for room.",
            status="promised",
        )
        unjudged = Response.objects.get(you_said__startswith="You would like a text message")
        verdict = self.answer.verdicts.get(words__contains="in the morning")
        receipt = self.activity.slips.get().receipts.get(place=3)
        pages = ("", "status/", "formats/add/", "told/", "heard/")
        self.add("insight", *(f"/insight/answers/{self.answer.pk}/{page}" for page in pages))
        self.add("insight", f"/insight/answers/{draft.pk}/", f"/insight/answers/{draft.pk}/edit/")
        self.add("insight", f"/insight/heard/{verdict.pk}/", f"/insight/thread/forums/{self.board.pk}/")
        of_activity = ("answers/add/", "people/", "people/add/", "slips/")
        self.add("insight", *(f"/insight/activities/{self.activity.pk}/{page}" for page in of_activity))
        self.add("insight", f"/insight/thread/activities/{self.activity.pk}/")
        self.add("member", f"/members/heard/{unjudged.pk}/", f"/members/heard/{self.answer.pk}/")
        self.add("code", receipts.code_of(receipt))

    # Others ----------------------------------------------------------------------------------------

    def partner(self) -> None:
        """Something that the partner organisation of the demo sent in, taken in and sent back."""
        user = User.objects.get(email=PARTNER)
        kind = SourceKind.objects.filter(is_story=False).first()
        sent = [
            contributions.contribute(
                by=user, title=title, summary="People no longer go out.", kind=kind, heard_on=self.today
            )
            for title in ("Buses in the evening", "Benches on the way", "Lifts at the station")
        ]
        contributions.accept_contribution(sent[1], by=self.by)
        contributions.return_contribution(sent[2], by=self.by, because="Say where you asked.")
        self.add("partner", *(f"/partners/sent/{each.pk}/" for each in sent))

    def visits_and_formats(self) -> None:
        asked = FormatRequest.objects.create(
            form_token=uuid.uuid4(),
            what="The report",
            format="braille",
            name="Ann Lee",
            channel="phone",
            contact="01632 960001",
            due_on=self.today,
        )
        visit = QualityVisit.objects.create(
            provider=Organisation.objects.first(),
            service="Ward 4",
            visited_on=self.today,
            purpose="To see the meals.",
            area=Area.objects.first(),
        )
        mary = Person.objects.get(name="Mary Ember")
        visitor = visit.visitors.create(person=mary, waived_because="Was here before.")
        self.add("formats", "/register/formats/", "/register/formats/new/", f"/register/formats/{asked.pk}/")
        self.add("visits", "/work/visits/", "/work/visits/new/")
        self.add("visits", *(f"/work/visits/{visit.pk}/{page}" for page in ("", "edit/", "visitors/")))
        self.add("visits", f"/work/visits/visitors/{visitor.pk}/observations/")
        self.add("visitor", f"/members/visits/{visit.pk}/")
