"""The library, comments, findings, decisions, answers and the loop back, in the world of the matrix.

`near`: of West Essex. `far`: of East Herts. `own` and `another's`: what partner organisations sent in.
"""

import uuid
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone

from config.tests.world import STAFF, TEAM, World
from core.models import JobState
from engagement.models import Activity, Project, Topic
from forums.models import Forum
from insights.models import (
    Campaign,
    CommentUpload,
    Indicator,
    LearningRun,
    Lesson,
    Quote,
    Receipt,
    Recommendation,
    Response,
    SampleCheck,
    Slips,
    Source,
    SourceFile,
    SourceKind,
    SourceRemark,
    Subscription,
    Telling,
    Theme,
    Told,
    Verdict,
)
from insights.tests import factories as answers
from insights.tests import insight_factories as make
from people.models import Area, Role, User
from people.tests import factories as people

ALL_AREAS = STAFF - {"officer"}
CODERS = {"near": TEAM, "far": TEAM - {"officer"}}
LEADS = {"lead", "administrator"}


@dataclass
class Voices:
    """What was said in one activity, what was learnt, decided and answered, and who was told."""

    case: str
    activity: Activity
    area: Area
    project: Project
    forum: Forum
    readers: set[str]
    theme: Theme
    kind: SourceKind
    story_kind: SourceKind
    topic: Topic

    def secret(self, here: World, what: str, *readers: str) -> str:
        return here.secret(f"{what}-{self.case}", *(readers or self.readers))

    def build(self, here: World, by: User) -> None:
        secret = lambda what, *readers: self.secret(here, what, *readers)  # noqa: E731
        coders = CODERS[self.case]
        self._library(secret, by)
        self._comments(secret, coders, by)
        self.finding = make.agreed_finding(statement=secret("Finding"), written_by=by)
        self.finding.areas.add(self.area)
        self.draft = make.finding(statement=secret("DraftFinding"), written_by=by)
        self.draft.areas.add(self.area)
        self.evidence = self.finding.evidence.create(theme=self.theme, collection=self.collection)
        self.decision = make.decision(project=self.project, body=self.forum, because=secret("DecidedBecause"))
        self.weighed = self.decision.weighed.create(finding=self.finding, effect="not", because=secret("WhyNot"))
        self.response = answers.response(f"loop-{self.case}", activity=self.activity, you_said=secret("AnswerDraft"))
        self.format = self.response.formats.create(file_format="easy_read", text="Easy words.")
        self._loop(secret, by)

    def _library(self, secret, by: User) -> None:
        self.source = make.source(kind=self.kind, summary=secret("Summary"), title=secret("ReportTitle"))
        self.raw = make.raw_data(kind=self.kind, summary=secret("RawData", *CODERS[self.case]))
        self.told = make.source(kind=self.story_kind, title=secret("StoryTitle"))
        make.story(source=self.told, consent_covers=secret("Covers"))
        for source in (self.source, self.raw, self.told):
            source.areas.add(self.area)
        file = lambda words: ContentFile(words.encode(), name="file.txt")  # noqa: E731
        self.file = SourceFile.objects.create(
            source=self.source, title="Report", file=file(secret("InTheFile")), state="clean"
        )
        self.held_file = SourceFile.objects.create(
            source=self.source,
            title="Held",
            file=file(secret("InQuarantine", *(LEADS & self.readers))),
            state="quarantined",
            found={"nhs_number": 1},
        )
        self.recommendation = Recommendation.objects.create(source=self.source, number=1, text=secret("Recommends"))
        Subscription.objects.create(forum=self.forum, topic=self.topic)

    def _comments(self, secret, coders, by: User) -> None:
        self.collection = make.collection(title=secret("Collection"), activity=self.activity)
        self.comment = make.comment(secret("Said", *coders), collection=self.collection)
        self.campaign = Campaign.objects.create(collection=self.collection, kind="campaign", size=3)
        self.held = make.comment(secret("Held", *(LEADS & self.readers)), collection=self.collection, is_held=True)
        self.quote = Quote.objects.create(
            comment=self.comment, words=self.comment.text, said_by_whom="A carer", consent="form", consent_on=make.DAY
        )
        self.upload = CommentUpload.objects.create(
            collection=self.collection, file_name=secret("UploadedFile", *coders), requested_by=by, result={}
        )
        self.run = LearningRun.objects.create(
            frame=self.theme.frame, collection=self.collection, frame_edition=self.theme.frame.edition, requested_by=by
        )
        learnt = {"examples": 40, "texts": 40, "seconds": 1, "themes": [], "not_learnt": [], "needed": 8, "left_out": 0}
        counts = {"after": 1, "looked_at": 1, "comments": 1, "suggestions": 1}
        done = {"state": JobState.DONE, "finished_at": timezone.now(), "result": learnt | counts}
        LearningRun.objects.filter(pk=self.run.pk).update(**done)
        make.suggestion(self.comment, self.theme, run=self.run)
        self.check = SampleCheck.objects.create(run=self.run, size=1, of=1, started_by=by)
        self.check.sampled.create(comment=self.comment, machine=[self.theme.pk])

    def _loop(self, secret, by: User) -> None:
        person = people.person(secret("Contributor", "safeguarding", *CODERS[self.case]), area=self.area)
        self.contributor = make.contributor(activity=self.activity, person=person, noted_by=by)
        self.slips = Slips.objects.create(activity=self.activity, seed=uuid.uuid4(), number=1, made_by=by)
        Receipt.objects.create(slips=self.slips, code_hash=f"{self.case:0<64}", place=0)
        Told.objects.create(response=self.response, way="message", person=person)
        Telling.objects.create(response=self.response, requested_by=by)
        self.verdict = Verdict.objects.create(
            response=self.response, right="no", words=secret("Verdict"), person=person
        )

    def add_pages(self, here: World) -> None:
        add = lambda name, *args: here.add(f"insight_work:{name}", *args, case=self.case)  # noqa: E731
        rows = {
            self.source: OF_SOURCE,
            self.collection: OF_COLLECTION,
            self.comment: OF_COMMENT,
            self.run: ("learning_run", "sample_start"),
            self.check: ("sample_check", "sample_code", "sample_accept"),
            self.finding: ("finding_detail",),
            self.draft: ("finding_edit", "finding_evidence_add"),
            self.decision: ("decision_detail", "decision_edit", "weighed_add"),
            self.response: OF_RESPONSE,
            self.activity: OF_ACTIVITY,
            self.recommendation: ("recommendation_edit", "recommendation_done"),
            self.forum: ("board_digest", "board_sent", "subscription_add", "thread_of_forum"),
            self.contributor: ("contributor_news", "contributor_remove"),
            self.upload: ("comment_upload_detail", "comment_upload_confirm"),
        }
        for row, names in rows.items():
            for name in names:
                add(name, row.pk)
        add("source_step", self.source.pk, "publish")
        add("source_file", self.file.pk)
        here.add("insight_work:source_file", self.held_file.pk, case=f"{self.case}, held")
        add("source_file_release", self.held_file.pk)
        add("source_file_remove", self.held_file.pk)
        here.add("insight_work:source_detail", self.raw.pk, case=f"{self.case}, raw data")
        for name in ("story_edit", "story_withdraw", "story_hearing_add"):
            add(name, self.told.pk)
        here.add("insight_work:comment_detail", self.held.pk, case=f"{self.case}, held")
        add("held_decide", self.held.pk)
        add("campaign_name", self.campaign.pk)
        add("survey_gather", self.activity.surveys.order_by("pk").first().pk)
        add("quote_withdraw", self.quote.pk)
        add("finding_step", self.finding.pk, "publish")
        add("finding_evidence_remove", self.evidence.pk)
        add("use_add", "finding", self.finding.pk)
        add("decision_step", self.decision.pk, "publish")
        add("weighed_remove", self.weighed.pk)
        add("answer_step", self.response.pk, "publish")
        add("answer_format_remove", self.format.pk)
        add("slips_pdf", self.slips.pk)
        add("verdict_deal", self.verdict.pk)
        add("share_add", "source", self.source.pk)
        here.add("search:more_like", "source", self.source.pk, case=self.case)
        here.add("library:source_detail", self.source.reference, case=f"{self.case}, not published")
        here.add("library:source_file", self.file.pk, case=f"{self.case}, not published")
        here.add("library:remark", self.source.reference, case=f"{self.case}, not published")
        here.add("library:finding_detail", self.finding.reference, case=f"{self.case}, not published")
        here.add("partners:source_detail", self.source.pk, case=f"{self.case}, not shared")
        here.add("partners:source_file", self.file.pk, case=f"{self.case}, not shared")


OF_SOURCE = ("source_detail", "source_edit", "source_rate", "source_file_add", "recommendation_add")
OF_COLLECTION = (
    *("collection_detail", "comment_list", "comment_read", "comment_add", "comment_upload", "campaign_list"),
    *("theme_figures", "theme_figures_csv", "code_next", "learn", "suggestion_list"),
)
OF_COMMENT = ("comment_detail", "quote_add", "comment_code", "thread_of_comment")
OF_RESPONSE = ("answer_detail", "answer_edit", "answer_status", "answer_format_add", "told", "tell", "verdict_enter")
OF_ACTIVITY = (
    *("answer_add", "contributor_list", "contributor_add", "contributor_gather", "slips_add"),
    "thread_of_activity",
)
LISTS = (
    *("source_list", "library_figures", "source_add", "contribution_list", "remark_list"),
    *("collection_list", "collection_add", "held_list", "finding_list", "finding_add", "use_list"),
    *("decision_list", "decision_add", "answer_list", "late_list", "verdict_list", "frame_list", "frame_add"),
    *("recommendation_list", "lesson_list", "lesson_add", "indicator_list", "indicator_pair"),
    *("briefing", "briefing_pdf", "thread_of_period", "board_list", "shared_list"),
)


def insights_life(here: World, west: Area, east: Area, other: User) -> dict:
    """Builds it all, and returns the rows of the models that the admin lists."""
    theme = make.theme("Waiting", frame=make.frame(is_default=True))
    kind, story_kind = make.source_kind(), make.source_kind(is_story=True)
    cases = {}
    for name, area, reference, readers in (("near", west, "A-1", set(STAFF)), ("far", east, "A-2", ALL_AREAS)):
        activity = Activity.objects.get(reference=reference)
        project = Project.objects.get(title=f"Project {name}")
        forum = Forum.objects.get(name=f"Forum of the {'West' if name == 'near' else 'East'}")
        topic = Topic.objects.order_by("pk").first()
        case = cases[name] = Voices(name, activity, area, project, forum, readers, theme, kind, story_kind, topic)
        case.build(here, other)
    public = make.public_source(kind=kind, reference="public-item")
    shared = make.source(kind=kind, scope=Source.Scope.PARTNERS)
    open_file = SourceFile.objects.create(
        source=public, title="Public", file=ContentFile(b"For everybody.", name="public.txt"), state="clean"
    )
    remark = SourceRemark.objects.create(source=public, words=here.secret("Remark", *TEAM), form_token=uuid.uuid4())
    make.agreed_finding(reference="public-finding", published_at=make.AT)
    lesson = Lesson.objects.create(kind="negative", what_happened="x", action="y", owner="Nurse")
    mine, theirs = _partners(here, kind, other)
    for name in LISTS:
        here.add(f"insight_work:{name}")
    for case in cases.values():
        case.add_pages(here)
    here.add("insight_work:remark_done", remark.pk)
    here.add("insight_work:lesson_edit", lesson.pk)
    here.add("insight_work:subscription_remove", Subscription.objects.order_by("pk").first().pk)
    here.add("insight_work:theme_page", theme.pk)
    for name in ("frame_detail", "frame_edit", "theme_add"):
        here.add(f"insight_work:{name}", theme.frame.pk)
    for name in ("theme_edit", "theme_retire"):
        here.add(f"insight_work:{name}", theme.pk)
    for name in ("source_list", "finding_list"):
        here.add(f"library:{name}")
    here.add("library:source_detail", public.reference, case="published")
    here.add("library:source_file", open_file.pk, case="published")
    here.add("library:remark", public.reference, case="published")
    here.add("library:finding_detail", "public-finding", case="published")
    for name in ("home", "contribute", "source_list"):
        here.add(f"partners:{name}")
    here.add("partners:source_detail", shared.pk, case="shared")
    here.add("partners:contribution_detail", mine.pk, case="own")
    here.add("partners:contribution_detail", theirs.pk, case="another's")
    here.add("partners:source_file", open_file.pk, case="shared")
    here.add("receipts:receipt")
    here.add("receipts:verdict")
    here.add("heard:verdict_list")
    here.add("heard:verdict", Response.objects.get(reference="public-1").pk, case="not asked")
    here.add("search:search")
    here.add("search:more_like", "nothing", 1, case="none")
    here.add("insights:response_feed")
    indicator = Indicator.objects.create(code="test", name="Would recommend", kind="patients", meaning="Of 100 people")
    value = indicator.values.create(
        organisation=people.organisation(), starts_on=make.DAY, ends_on=make.DAY, percent=90, base=100
    )
    return {type(row): {"": row} for row in (kind, theme.frame, theme, indicator, value)}


def _partners(here: World, kind, other: User) -> tuple[Source, Source]:
    """What a partner sent in, and what another one did: each partner reads their own, staff read all."""
    ours, elsewhere = people.organisation("Healthwatch of the world"), people.organisation("Charity of the world")
    if here.role == "partner":
        Role.objects.filter(user=here.user).update(organisation=ours)
    sent = {"kind": kind, "state": Source.State.OFFERED}
    mine = make.source(
        summary=here.secret("SentByPartner", "partner", *STAFF),
        contributed_by=here.user if here.role == "partner" else other,
        organisation=ours,
        **sent,
    )
    theirs = make.source(
        summary=here.secret("SentByAnother", *STAFF), contributed_by=other, organisation=elsewhere, **sent
    )
    return mine, theirs
