"""Library, comments, findings, a decision and its answers of the demo, from a file of invented ones.

What is done today goes through the services, with every gate. Then the days are moved back, because no service lets
anybody act in the past. Nothing is learnt by the machine: that is for whoever looks at the demo.
"""

import datetime
import tomllib
import uuid
from pathlib import Path

from django.core.exceptions import ValidationError
from django.utils import timezone

from core.counts import parse_count
from core.models import JobState
from engagement.models import Activity, Method, Rung, Stage, Topic
from engagement.services.framework import next_reference, principles_in_force
from forums.models import Forum, Meeting
from insights.jobs import telling
from insights.jobs.intake import Intake
from insights.models import (
    Coding,
    Collection,
    Comment,
    Decision,
    Finding,
    Frame,
    Receipt,
    Response,
    Source,
    SourceKind,
    StatusChange,
    Telling,
    Theme,
    Told,
    Verdict,
)
from insights.services import (
    coding,
    comments,
    contributors,
    decisions,
    findings,
    library,
    receipts,
    responses,
    stories,
    verdicts,
)
from insights.services import telling as tellings
from people.models import Area, Message, Organisation, Person, PopulationGroup, User

NOON = datetime.time(12)


class DemoInsight:
    """Loads the file once, after the register and the projects."""

    def __init__(self, path: Path, *, by: User, senior: User):
        """`by` writes things; `senior` is another lead, because nobody agrees to what they wrote themselves."""
        self.data = tomllib.loads(path.read_text(encoding="utf-8"))
        self.folder, self.by, self.senior = path.parent, by, senior
        self.today = timezone.localdate()
        self.frame = Frame.objects.get(is_default=True)
        self.activities: dict[str, Activity] = {}
        self.sources: dict[str, Source] = {}
        self.findings: dict[str, Finding] = {}

    def load(self) -> int:
        """Everything, in the order in which it hangs together. Returns how many comments."""
        for row in self.data["activity"]:
            self.activity(**row)
        for row in self.data["source"]:
            self.source(**row)
        self.collection = self.collect(**self.data["collection"])
        for row in self.data["comment"]:
            self.comment(**row)
        Coding.objects.filter(comment__collection=self.collection).update(at=self.moment(-120))
        for row in self.data["finding"]:
            self.finding(**row)
        self.decision = self.decide(**self.data["decision"])
        for row in self.data["answer"]:
            self.answer(**row)
        return self.collection.comments.count()

    def day(self, days: int) -> datetime.date:
        return self.today + datetime.timedelta(days=days)

    def moment(self, days: int) -> datetime.datetime:
        return timezone.make_aware(datetime.datetime.combine(self.day(days), NOON))

    def person(self, name: str) -> Person:
        return Person.objects.get(name=name)

    def themes(self, names: list[str]) -> list[Theme]:
        found = list(self.frame.themes.filter(name__in=names))
        if len(found) != len(names):
            raise ValidationError(f"The frame {self.frame} does not have all of {names}")
        return found

    # Activities, and who took part ---------------------------------------------------------------

    def activity(self, key, starts, ends, principle, rung, stage, told, responses, people, **more):
        first, last = self.day(starts), self.day(ends)
        words = ("title", "nature", "state", "purpose", "can_influence", "cannot_influence", "route_without_internet")
        activity = self.activities[key] = Activity.objects.create(
            reference=next_reference("A", self.today),
            principle=principles_in_force(first, last).get(number=principle),
            starts_on=first,
            ends_on=last,
            level="place",
            rung=Rung.objects.get(code=rung),
            stage=Stage.objects.get(code=stage),
            organisation=Organisation.objects.body(),
            what_people_told_us=told,
            owner=self.by,
            **{name: more[name] for name in words},
        )
        for name, model in (("areas", Area), ("topics", Topic), ("groups", PopulationGroup), ("methods", Method)):
            getattr(activity, name).set(model.objects.filter(name__in=more[name]))
        for route, received, read in responses:
            activity.response_counts.create(route=route, received=received, read=read, read_by=self.by)
        for name, how in people:
            contributors.add_contributor(activity, self.person(name), by=self.by, how=how)
        if "slips" in more:
            receipts.add_slips(activity, by=self.by, number=more["slips"], seed=uuid.uuid4())

    # The library ---------------------------------------------------------------------------------

    def source(self, key, kind, layer, title, summary, collected, people, scope="internal", **more):
        source = self.sources[key] = library.add_source(
            by=self.by,
            kind=SourceKind.objects.get(code=kind),
            layer=layer,
            title=title,
            summary=summary,
            collected_from=self.day(collected[0]),
            collected_to=self.day(collected[1]),
            people=parse_count(people),
            scope=scope,
            key_finding=more.get("key_finding", ""),
            organisation=self.from_whom(more),
            is_pointer="held_by" in more,
            held_by=more.get("held_by", ""),
            topics=Topic.objects.filter(name__in=more.get("topics", ())),
            groups=PopulationGroup.objects.filter(name__in=more.get("groups", ())),
            activities=[self.activities[name] for name in more.get("activities", ())],
            datasets=[self.sources[name] for name in more.get("datasets", ())],
        )
        if "marks" in more:
            library.rate_source(source, by=self.by, because=more["because"], **more["marks"])
        if scope == Source.Scope.PUBLIC:
            library.publish_source(source, by=self.by)
        if "story" in more:
            self.story(source, more["story"], more["heard"])

    def from_whom(self, row: dict) -> Organisation:
        return (
            Organisation.objects.get(name=row["organisation"]) if "organisation" in row else Organisation.objects.body()
        )

    def story(self, source: Source, story: dict, heard: dict) -> None:
        stories.keep_story(
            source,
            by=self.by,
            service=story["service"],
            medium=story["medium"],
            named=story["named"],
            consent_on=self.day(story["consent"]),
            consent_until=self.day(story["until"]),
            consent_covers=story["covers"],
        )
        forum = Forum.objects.get(name=heard["forum"])
        stories.add_hearing(
            source,
            by=self.by,
            forum=forum,
            heard_on=self.day(heard["day"]),
            learnt=heard["learnt"],
            action=heard["action"],
        )

    # Comments ------------------------------------------------------------------------------------

    def collect(self, title, activity, source, file, read) -> Collection:
        """The comments of the file with their themes, said on the days of the activity; so many are read."""
        activity = self.activities[activity]
        collection = comments.add_collection(
            by=self.by, title=title, activity=activity, source=self.sources[source], organisation=activity.organisation
        )
        path = self.folder / file
        with (
            path.open("rb") as opened,
            Intake(collection, opened, path.name, path.stat().st_size, by=self.by, frame=self.frame) as intake,
        ):
            found = intake.look()
            if not found["accepted"]:
                raise ValidationError(f"{path.name}: {found['errors']}")
            intake.write(found)
            intake.settle()
        rows = list(collection.comments.order_by("pk"))
        days = (activity.ends_on - activity.starts_on).days
        for place, row in enumerate(rows):
            row.said_on = activity.starts_on + datetime.timedelta(days=place % days)
        Comment.objects.bulk_update(rows, ["said_on"])
        comments.mark_read(collection, [row.pk for row in rows[:read]], by=self.by)
        return collection

    def comment(self, text, themes, person="", slip=0):
        """One that was typed in, from somebody on the register or from a paper slip."""
        row = comments.add_comment(
            self.collection,
            by=self.by,
            text=text,
            said_on=self.collection.activity.ends_on,
            said_by=self.person(person) if person else None,
            receipt=self.slip(slip) if slip else None,
        )
        comments.mark_read(self.collection, [row.pk], by=self.by)
        coding.code_comment(
            row,
            self.frame,
            by=self.by,
            themes=self.themes(themes),
            edition=row.edition,
            frame_edition=self.frame.edition,
        )

    def slip(self, place: int) -> Receipt:
        return Receipt.objects.get(slips__activity=self.collection.activity, place=place)

    # Findings, the decision, the answers -----------------------------------------------------------

    def finding(
        self, key, statement, confidence, because, topics, themes=(), sources=(), activities=(), published=False
    ):
        finding = self.findings[key] = findings.add_finding(
            by=self.by,
            statement=statement,
            confidence=confidence,
            confidence_because=because,
            topics=Topic.objects.filter(name__in=topics),
        )
        for theme in self.themes(list(themes)):
            findings.add_evidence(finding, by=self.by, theme=theme, collection=self.collection)
        for name in sources:
            findings.add_evidence(finding, by=self.by, source=self.sources[name])
        for name in activities:
            findings.add_evidence(finding, by=self.by, activity=self.activities[name])
        findings.agree_finding(finding, by=self.senior)
        if published:
            findings.publish_finding(finding, by=self.senior)
        Finding.objects.filter(pk=finding.pk).update(agreed_at=self.moment(-75))
        Finding.objects.filter(pk=finding.pk, published_at__isnull=False).update(published_at=self.moment(-74))

    def decide(self, body, day, activities, weighed, **words) -> Decision:
        body = Forum.objects.get(name=body)
        meeting = Meeting.objects.filter(forum=body, starts_at__date=self.day(day)).first()
        activities = [self.activities[name] for name in activities]
        decision = decisions.add_decision(
            by=self.by, body=body, decided_on=self.day(day), meeting=meeting, activities=activities, **words
        )
        for name, effect, because in weighed:
            decisions.weigh(decision, by=self.by, finding=self.findings[name], effect=effect, because=because)
        return decisions.publish_decision(decision, by=self.by)

    def answer(self, activity, topic, said, status, post, people, published, told, **more):
        answer = responses.create_response(
            self.activities[activity],
            by=self.by,
            topic=Topic.objects.get(name=topic),
            you_said=said,
            we_did=more.get("did", ""),
            status=status,
            reason_code=more.get("reason_code", ""),
            reason=more.get("reason", ""),
            evidence=more.get("evidence", ""),
            responsible=Organisation.objects.body(),
            responsible_post=post,
            people=parse_count(people),
            heard_on=self.activities[activity].ends_on,
            decision=self.decision,
            themes=self.themes(more["themes"]),
            findings=[self.findings[name] for name in more["findings"]],
        )
        responses.publish_response(answer, by=self.by)
        if told:
            self.tell(answer)
        self.judge(answer, more)
        self.move_back(answer, self.moment(published))

    def tell(self, answer: Response) -> None:
        """What a worker does with it, at once. Nobody's mailbox is behind the invented addresses: it counts as sent."""
        tellings.tell(answer, by=self.by)
        job = Telling.objects.select_related("response", "requested_by").claim(answer.tellings.get().pk)
        telling.carry_out(job)
        Message.objects.filter(state=JobState.QUEUED, channel="email", key__startswith=f"told-{answer.pk}-").update(
            state=JobState.DONE, finished_at=timezone.now()
        )

    def judge(self, answer: Response, row: dict) -> None:
        """What people say of an answer, and what was done about it."""
        for name, right, words in row["verdicts"]:
            verdict = verdicts.say(answer, self.person(name), by=None, right=right, words=words)
            if row.get("dealt", [""])[0] == name:
                verdicts.deal(verdict, by=self.by, what_was_done=row["dealt"][1])
        for place, right, words in row["slips"]:
            holder = receipts.Holder(receipt=self.slip(place))
            receipts.look(holder)
            verdicts.say(answer, holder, by=None, right=right, words=words)

    def move_back(self, answer: Response, at: datetime.datetime) -> None:
        Response.objects.filter(pk=answer.pk).update(published_at=at, done_on=at.date() if answer.is_done else None)
        StatusChange.objects.filter(response=answer).update(at=at)
        Told.objects.filter(response=answer).update(at=at)
        Told.objects.filter(response=answer, reached_at__isnull=False).update(reached_at=at)
        Message.objects.filter(key__startswith=f"told-{answer.pk}-", state=JobState.DONE).update(finished_at=at)
        Verdict.objects.filter(response=answer).update(at=at + datetime.timedelta(days=3))
