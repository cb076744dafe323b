"""What is personal in the words of the library, said so that its writer can take it out (INS-011, INS-023)."""

from collections import Counter
from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from core.personal_data import Finding, Kind, findings
from insights.models import Source, Story

MOST_SHOWN = 5  # more would bury the form


def refuse(words: dict[str, str], *, names: Iterable[str] = (), story: Story | None = None) -> None:
    """Raise ValidationError, by the name of the field, that says what personal data stand where.

    A story that is shown with a name, as the person agreed, may hold names: all of them, or the first name alone.
    """
    wrong = {name: said for name, text in words.items() if (said := problems_of(_label(name), text, names, story))}
    if wrong:
        raise ValidationError(wrong)


def _label(name: str) -> str:
    """What the field is called on the form."""
    return capfirst(Source._meta.get_field({"because": "state_because"}.get(name, name)).verbose_name)


def problems_of(label: str, text: str, names: Iterable[str] = (), story: Story | None = None) -> list[str]:
    """A sentence for each personal thing in a text, of the first few: its kind, its line and the words themselves."""
    names = [*names]
    if story is not None and story.person is not None:
        names.append(story.person.name)
    found = [each for each in findings(text, names) if not _was_agreed(each, story)]
    sentences = [
        _("%(label)s, line %(line)s: %(kind)s “%(words)s”. Take it out")
        % {"label": label, "line": text.count("\n", 0, each.start) + 1, "kind": each.kind.label, "words": each.words}
        for each in found[:MOST_SHOWN]
    ]
    more = len(found) - MOST_SHOWN
    return [*sentences, _("There are %(number)s more") % {"number": more}] if more > 0 else sentences


def _was_agreed(each: Finding, story: Story | None) -> bool:
    if story is None or each.kind != Kind.NAME:
        return False
    if story.named == Story.Named.FULL:
        return True
    if story.named == Story.Named.ANONYMOUS:
        return False
    return story.person is None or each.words.casefold() != story.person.name.casefold()


def counted(text: str, names: Iterable[str] = ()) -> dict[str, int]:
    """How many personal things of each kind a text has, and nothing of the text itself."""
    return dict(sorted(Counter(str(each.kind) for each in findings(text, names)).items()))
