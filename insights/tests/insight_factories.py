"""Valid library items, comments, themes, findings, decisions and contributors for tests: nothing random."""

import datetime
import hashlib

from core.counts import Count
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from insights.models import (
    Coding,
    Collection,
    Comment,
    Contributor,
    Decision,
    Finding,
    Frame,
    QualityRating,
    Source,
    SourceKind,
    Story,
    Theme,
)
from people.tests import factories as people

DAY = datetime.date(2024, 3, 1)
AT = datetime.datetime(2024, 4, 2, 9, 0, tzinfo=datetime.UTC)


def source_kind(**fields) -> SourceKind:
    number = people.following(SourceKind)
    return SourceKind.objects.create(**{"code": f"kind-{number}", "name": f"Kind of source {number}"} | fields)


def source(**fields) -> Source:
    """A report of findings in use, for staff alone."""
    number = people.following(Source)
    fields["kind"] = fields.get("kind") or source_kind()
    defaults = {
        "reference": f"item-{number}",
        "title": f"Report {number}",
        "summary": f"What report {number} says.",
        "layer": Source.Layer.REPORT,
        "collected_to": DAY,
        "people": Count(120, kind="unique"),
    }
    return Source.objects.create(**defaults | fields)


def public_source(**fields) -> Source:
    return source(**{"scope": Source.Scope.PUBLIC, "published_at": AT} | fields)


def raw_data(**fields) -> Source:
    return source(**{"layer": Source.Layer.RAW} | fields)


def rating(of: Source, each: int = 2, **fields) -> QualityRating:
    marks = dict.fromkeys(QualityRating.QUESTIONS, each)
    return QualityRating.objects.create(source=of, because="Looked at by two people.", **marks | fields)


def story(**fields) -> Story:
    """A story whose consent lasts long."""
    fields["source"] = fields.get("source") or source(kind=source_kind(is_story=True))
    defaults = {
        "service": "Maternity",
        "medium": Story.Medium.TEXT,
        "named": Story.Named.ANONYMOUS,
        "consent_on": DAY,
        "consent_covers": "Shown to the Board and on the website",
        "consent_until": datetime.date(2099, 12, 31),
    }
    return Story.objects.create(**defaults | fields)


def collection(**fields) -> Collection:
    number = people.following(Collection)
    return Collection.objects.create(**{"title": f"Comments {number}"} | fields)


def comment(text: str = "", **fields) -> Comment:
    number = people.following(Comment)
    fields["collection"] = fields.get("collection") or collection()
    text = text or f"I had to wait {number} weeks."
    key = hashlib.sha256(text.encode()).hexdigest()[:32]
    return Comment.objects.create(**{"reference": f"c{number}", "text": text, "text_key": key, "said_on": DAY} | fields)


def frame(**fields) -> Frame:
    number = people.following(Frame)
    return Frame.objects.create(**{"code": f"frame-{number}", "name": f"Frame {number}"} | fields)


def theme(name: str = "", **fields) -> Theme:
    number = people.following(Theme)
    fields["frame"] = fields.get("frame") or frame()
    return Theme.objects.create(**{"code": f"theme-{number}", "name": name or f"Theme {number}"} | fields)


def coding(of: Comment, under: Theme, **fields) -> Coding:
    """A code that a named person gave."""
    defaults = {"origin": Coding.Origin.PERSON, "state": Coding.State.ACCEPTED, "by_name": "Ana Lyst"}
    return Coding.objects.create(comment=of, theme=under, **defaults | fields)


def suggestion(of: Comment, under: Theme, confidence: float = 0.8, **fields) -> Coding:
    """A code of the machine that nobody has accepted."""
    defaults = {"origin": Coding.Origin.MACHINE, "state": Coding.State.SUGGESTED}
    return Coding.objects.create(comment=of, theme=under, confidence=confidence, **defaults | fields)


def finding(**fields) -> Finding:
    number = people.following(Finding)
    defaults = {
        "reference": f"finding-{number}",
        "statement": f"People wait too long for thing {number}.",
        "confidence": Finding.Confidence.MEDIUM,
        "confidence_because": "Two sources say the same.",
    }
    return Finding.objects.create(**defaults | fields)


def agreed_finding(**fields) -> Finding:
    return finding(**{"state": Finding.State.AGREED, "agreed_at": AT} | fields)


def decision(**fields) -> Decision:
    number = people.following(Decision)
    fields["body"] = fields.get("body") or forums.forum()
    defaults = {
        "reference": f"decision-{number}",
        "title": f"What to do about thing {number}",
        "decided_on": DAY,
        "paper": f"Paper {number}",
        "options": "Do it\nLeave it",
        "decided": "To do it",
        "because": "People need it, and there is money for it.",
    }
    return Decision.objects.create(**defaults | fields)


def contributor(**fields) -> Contributor:
    fields["activity"] = fields.get("activity") or engagement.activity()
    fields["person"] = fields.get("person") or people.person()
    return Contributor.objects.create(**{"how": Contributor.How.SESSION} | fields)
