"""Codes by people: which themes a comment speaks of, said once for it and, if wished, for all with the same words."""

from collections import defaultdict
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.batches import batches
from insights.documents.coding import same_words
from insights.models import Coding, CodingChange, Comment, Frame, Theme
from insights.services.frames import held_frame
from people.models import User

BATCH = 500
OTHER_EDITION, OTHER_FRAME = "other_edition", "other_frame"


@transaction.atomic
def code_comment(
    comment: Comment,
    frame: Frame,
    *,
    by: User,
    themes: Iterable[Theme],
    edition: int,
    frame_edition: int,
    with_same_words: bool = False,
) -> int:
    """Say which themes a comment speaks of, in the place of what was said before. Returns how many comments changed.

    `edition` and `frame_edition` are those that the person saw. Raises ValidationError: with the code OTHER_EDITION
    when somebody else has coded the comment since, with OTHER_FRAME when the frame has changed. Suggestions that are
    not among `themes` count as refused. `with_same_words` codes those with the same words in answer to the same
    question as well, as far as nobody has coded them.
    """
    frame = held_frame(frame)
    comment = Comment.objects.select_for_update().get(pk=comment.pk)
    check_codable(comment)
    chosen = check_themes(frame, themes, frame_edition)
    if comment.edition != edition and chosen != _accepted(comment, frame):
        raise ValidationError(
            _("Somebody else coded this comment while you did. Compare, then save what is right"), code=OTHER_EDITION
        )
    numbers = [comment.pk]
    if with_same_words:
        others = same_words(comment, frame).select_for_update().order_by("pk")
        numbers += others.values_list("pk", flat=True)
    changed = recode(frame, numbers, chosen, by=by)
    if changed:
        audit.record(by, "coded", comment, frame=frame.pk, comments=changed)
    return changed


def check_codable(comment: Comment) -> None:
    """Raise ValidationError for a comment that nobody may code."""
    if comment.is_held:
        raise ValidationError(_("This comment is held because of personal data. Decide on it first"))
    if not comment.text:
        raise ValidationError(_("The words of this comment are gone. Code another one"))


def check_themes(frame: Frame, themes: Iterable[Theme], frame_edition: int) -> set[int]:
    """The numbers of the themes that were chosen. Raises ValidationError where the frame does not have them now."""
    themes = list(themes)
    if frame.edition != frame_edition:
        raise ValidationError(
            _("The frame “%(frame)s” was changed while you coded. Look at your choice and save it again"),
            code=OTHER_FRAME,
            params={"frame": frame},
        )
    if not themes:
        raise ValidationError({"themes": _("Select at least one theme, or the one for a comment that fits nowhere")})
    numbers = {theme.pk for theme in themes}
    if frame.themes.in_use().filter(pk__in=numbers).count() != len(numbers):
        raise ValidationError({"themes": _("Select themes that the frame has now")})
    return numbers


def _accepted(comment: Comment, frame: Frame) -> set[int]:
    return set(comment.codings.counted().filter(theme__frame=frame).values_list("theme", flat=True))


def recode(frame: Frame, numbers: Iterable[int], chosen: set[int], *, by: User) -> int:
    """Give comments these themes of the frame and no others, in the name of a person. Returns how many changed.

    The caller holds the frame. The numbers are those of comments.
    """
    themes = list(frame.themes.values_list("pk", flat=True))
    changed = 0
    for batch in batches(numbers, BATCH):
        before = defaultdict(dict)
        for row in Coding.objects.filter(comment__in=batch, theme__in=themes).select_for_update():
            before[row.comment_id][row.theme_id] = row
        change = _Change(by)
        for number in batch:
            change.compare(number, before[number], chosen)
        changed += change.write()
    return changed


class _Change:
    """What becomes of the codes of some comments."""

    def __init__(self, by: User):
        self.by, self.now = by, timezone.now()
        self.new: list[Coding] = []
        self.other: list[Coding] = []
        self.gone: list[int] = []
        self.history: list[CodingChange] = []

    def compare(self, comment: int, before: dict[int, Coding], chosen: set[int]) -> None:
        for theme in sorted(chosen):
            row = before.get(theme)
            if row is None:
                self._set(self.new, Coding(comment_id=comment, theme_id=theme), CodingChange.What.CODED)
            elif row.state != Coding.State.ACCEPTED:
                self._set(self.other, row, CodingChange.What.CODED)
        for theme, row in before.items():
            if theme in chosen or row.state == Coding.State.REFUSED:
                continue
            if row.origin == Coding.Origin.MACHINE:
                # The row stays, so that the machine does not suggest again what a person found wrong.
                row.state, row.by, row.by_name, row.at = Coding.State.REFUSED, self.by, str(self.by)[:200], self.now
                self.other.append(row)
                self._note(row, CodingChange.What.REFUSED)
            else:
                self.gone.append(row.pk)
                self._note(row, CodingChange.What.REMOVED)

    def _set(self, rows: list[Coding], row: Coding, what: str) -> None:
        row.origin, row.state = Coding.Origin.PERSON, Coding.State.ACCEPTED
        row.confidence = row.run = row.check_of = None
        row.by, row.by_name, row.at = self.by, str(self.by)[:200], self.now
        rows.append(row)
        self._note(row, what)

    def _note(self, row: Coding, what: str) -> None:
        values = {"what": what, "origin": Coding.Origin.PERSON, "confidence": row.confidence, "at": self.now}
        self.history.append(CodingChange(comment_id=row.comment_id, theme_id=row.theme_id, by=self.by, **values))

    def write(self) -> int:
        fields = ["origin", "state", "confidence", "run", "check_of", "by", "by_name", "at"]
        Coding.objects.bulk_create(self.new, batch_size=BATCH)
        Coding.objects.bulk_update(self.other, fields, batch_size=BATCH)
        Coding.objects.filter(pk__in=self.gone).delete()
        CodingChange.objects.bulk_create(self.history, batch_size=BATCH)
        comments = {row.comment_id for row in self.history}
        note_edition(comments, read_by=self.by)
        return len(comments)


def note_edition(comments: Iterable[int], *, read_by: User | None) -> None:
    """Say that the codes of comments have changed, and who has read them for it; None where nobody did."""
    rows = Comment.objects.filter(pk__in=comments)
    rows.update(edition=F("edition") + 1)
    if read_by:
        rows.filter(read_at=None).update(read_at=timezone.now(), read_by=read_by)
