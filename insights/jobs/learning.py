"""A round of learning: from what people coded to suggestions for what nobody coded, in a worker.

One task may last CELERY_TASK_TIME_LIMIT (600 seconds), then its process is killed. A round stops by itself after
SLICE_SECONDS, notes after which comment, and goes back into the queue: the next worker learns the same again (a few
seconds) and goes on from there. What is kept in memory does not grow with the collection.
"""

import time
from collections import defaultdict
from collections.abc import Iterator

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, jobs
from core.models import JobState, LostJob
from insights.documents.coding import uncoded
from insights.documents.learning import Example, Model, train
from insights.models import Coding, CodingChange, Comment, Frame, LearningRun, Theme

SLICE_SECONDS = 300
MOST_EXAMPLES = (
    50_000  # beyond these the comments are picked by the digest of their words, so equal texts stay together
)
LEAST_EXAMPLES = 20  # of a theme: a fresh frame has to work from a few hundred comments
BATCH = 500
LEARNT = 20  # percent of the work that is done once the machine has learnt


class OtherEdition(Exception):
    """The frame was changed after the round was asked for."""


def carry_out(run: LearningRun) -> None:
    """Learn, suggest, and finish the round or put it back into the queue.

    Raises LostJob, OtherEdition, and TooFewExamples with words for a person.
    """
    until = time.monotonic() + SLICE_SECONDS
    with jobs.kept_alive(run):
        check_edition(run.frame, run)
        run.advance(run.step or 1, 100, _("Learning from what people coded"))
        model, learnt = _learn(run)
        found = {"after": 0, "looked_at": 0, "comments": 0, "suggestions": 0} | run.result | learnt
        is_done = _suggest(run, model, found, until)
    if is_done:
        with transaction.atomic():
            audit.record(run.requested_by, "learnt", run, comments=found["comments"], suggestions=found["suggestions"])
            run.finish(result=found)
    else:
        _go_on_later(run)


def check_edition(frame: Frame, run: LearningRun) -> None:
    if frame.edition != run.frame_edition:
        raise OtherEdition


def _go_on_later(run: LearningRun) -> None:
    values = {"state": JobState.QUEUED, "lease_until": None, "requested_at": timezone.now(), "attempts": 0}
    if not LearningRun.objects.owned_by(run).update(**values):
        raise LostJob
    jobs.ring(run)


# Learning ----------------------------------------------------------------------------------------


def _learn(run: LearningRun) -> tuple[Model, dict]:
    themes = {theme.pk: theme for theme in run.frame.themes.in_use()}
    examples = list(_examples(run, themes))
    started = time.monotonic()
    model = train(examples, least_examples=LEAST_EXAMPLES)
    seconds = time.monotonic() - started
    return model, _figures(model, themes, seconds)


def _examples(run: LearningRun, themes: dict[int, Theme]) -> Iterator[Example]:
    """What people coded by this frame, whatever collection it is in, up to the moment when the round was asked for."""
    codes = Coding.objects.counted().exclude(origin=Coding.Origin.MACHINE).filter(theme__frame=run.frame)
    coded = Comment.objects.usable().filter(pk__in=codes.values("comment")).order_by("text_key", "pk")
    numbers = list(coded.values_list("pk", flat=True)[:MOST_EXAMPLES])
    for start in range(0, len(numbers), BATCH):
        batch = numbers[start : start + BATCH]
        given = defaultdict(set)
        for comment, theme in codes.filter(comment__in=batch).values_list("comment", "theme"):
            if theme in themes:
                given[comment].add(themes[theme].code)
        for comment in Comment.objects.filter(pk__in=batch).order_by("pk"):
            yield example_of(comment, frozenset(given[comment.pk]))


def example_of(comment: Comment, themes: frozenset[str] = frozenset()) -> Example:
    return Example(
        text=comment.text,
        themes=themes,
        question=comment.question,
        sentiment=comment.sentiment,
        service=comment.service,
        score=comment.score,
    )


def _figures(model: Model, themes: dict[int, Theme], seconds: float) -> dict:
    """What a page says of the learning. Themes that nobody coded are among those not learnt."""
    by_code = {theme.code: theme for theme in themes.values()}
    too_few = {each.theme: each.examples for each in model.not_learnt}
    learnt = {each.theme for each in model.themes}
    return {
        "examples": model.examples,
        "texts": model.texts,
        "left_out": model.entries_left_out,
        "seconds": round(seconds, 1),
        "needed": LEAST_EXAMPLES,
        "themes": [
            {
                "theme": by_code[each.theme].pk,
                "name": by_code[each.theme].name,
                "examples": each.examples,
                "texts": each.texts,
                "threshold": each.threshold,
                "precision": each.precision,
                "recall": each.recall,
                "f1": each.f1,
            }
            for each in model.themes
        ],
        "not_learnt": [
            {"theme": theme.pk, "name": theme.name, "examples": too_few.get(code, 0)}
            for code, theme in by_code.items()
            if code not in learnt
        ],
    }


# Suggesting --------------------------------------------------------------------------------------


def _suggest(run: LearningRun, model: Model, found: dict, until: float) -> bool:
    """Suggest for comment after comment. False when the time is up; `found` says how far it came."""
    themes = {theme.code: theme.pk for theme in run.frame.themes.in_use()}
    total = run.collection.comments.usable().count() or 1
    while True:
        rows = list(run.collection.comments.usable().filter(pk__gt=found["after"]).order_by("pk")[:BATCH])
        if not rows:
            return True
        answers = model.suggest([example_of(row) for row in rows])
        wanted = {
            row.pk: {themes[each.theme]: each.confidence for each in answer if each.is_suggested}
            for row, answer in zip(rows, answers, strict=True)
        }
        _write(run, wanted, found)
        words = _("%(done)s comments of %(total)s looked at") % {"done": found["looked_at"], "total": total}
        run.advance(LEARNT + (99 - LEARNT) * min(found["looked_at"], total) // total, 100, words[:100])
        if time.monotonic() >= until:
            return False


def _write(run: LearningRun, wanted: dict[int, dict[int, float]], found: dict) -> None:
    """Put suggestions for a batch of comments in the place of older ones; what a person decided stays as it is."""
    with transaction.atomic():
        check_edition(Frame.objects.select_for_update().get(pk=run.frame_id), run)
        open_ones = set(uncoded(Comment.objects.filter(pk__in=wanted), run.frame).values_list("pk", flat=True))
        rows = Coding.objects.filter(comment__in=open_ones, theme__in=run.frame.themes.values("pk"))
        before = {(row.comment_id, row.theme_id): row for row in rows.select_for_update(of=("self",))}
        batch = _Batch(run, before)
        for comment in sorted(open_ones):
            batch.compare(comment, wanted[comment])
        batch.write()
        found["after"] = max(wanted)
        found["looked_at"] += len(wanted)
        found["comments"] += len(batch.comments)
        found["suggestions"] += batch.suggestions
        if not LearningRun.objects.owned_by(run).update(result=found):
            raise LostJob


class _Batch:
    """What becomes of the suggestions of some comments."""

    def __init__(self, run: LearningRun, before: dict[tuple[int, int], Coding]):
        self.run, self.before, self.now = run, before, timezone.now()
        self.new: list[Coding] = []
        self.other: list[Coding] = []
        self.gone: list[int] = []
        self.history: list[CodingChange] = []
        self.comments: set[int] = set()
        self.suggestions = 0

    def compare(self, comment: int, wanted: dict[int, float]) -> None:
        for theme, confidence in wanted.items():
            row = self.before.get((comment, theme))
            if row and row.state != Coding.State.SUGGESTED:
                continue  # a person decided
            is_new = row is None
            row = row or Coding(comment_id=comment, theme_id=theme)
            row.origin, row.state = Coding.Origin.MACHINE, Coding.State.SUGGESTED
            row.confidence, row.run, row.at = confidence, self.run, self.now
            (self.new if is_new else self.other).append(row)
            self._note(row, CodingChange.What.SUGGESTED)
            self.comments.add(comment)
            self.suggestions += 1
        for (of, theme), row in self.before.items():
            if of == comment and theme not in wanted and row.state == Coding.State.SUGGESTED:
                self.gone.append(row.pk)
                self._note(row, CodingChange.What.REMOVED)

    def _note(self, row: Coding, what: str) -> None:
        values = {"what": what, "origin": Coding.Origin.MACHINE, "confidence": row.confidence, "at": self.now}
        self.history.append(CodingChange(comment_id=row.comment_id, theme_id=row.theme_id, **values))

    def write(self) -> None:
        Coding.objects.bulk_create(self.new, batch_size=BATCH)
        Coding.objects.bulk_update(self.other, ["origin", "state", "confidence", "run", "at"], batch_size=BATCH)
        Coding.objects.filter(pk__in=self.gone).delete()
        CodingChange.objects.bulk_create(self.history, batch_size=BATCH)
