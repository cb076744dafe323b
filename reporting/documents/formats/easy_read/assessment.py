"""The Easy Read draft of the evidence for NHS England: what cannot be shown first, then rules, law and places."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from engagement.documents.coverage import NONE
from reporting.documents.assessment import SECTIONS
from reporting.documents.assessment.duties import GAP, MET, NO_CASE, PARTLY
from reporting.documents.assessment.facts import AssessmentFacts, Change, PrincipleFacts
from reporting.documents.formats.easy_read.shared import (
    EXAMPLES,
    Draft,
    Idea,
    LeftOut,
    Part,
    about,
    activities,
    counted,
    fits,
    followed,
    forums,
    heading,
    idea,
    more,
    nothing,
    places,
    short_sentences,
    written,
)


def draft(facts: AssessmentFacts) -> Draft:
    left_out = LeftOut()
    parts = [
        Part(_("About this paper"), list(_about(facts))),
        Part(_("What we cannot show"), list(_gaps(facts))),
        Part(_("What people wrote for this report"), list(_edited(facts, left_out))),
        Part(_("What we did"), list(_numbers(facts))),
        *(Part(heading(row.number, row.short), list(_principle(row, left_out))) for row in facts.principles),
        Part(_("Where we did it"), list(places((line.label, line.value) for line in facts.places.by_place))),
        Part(_("What the law asks"), list(_duties(facts))),
        Part(_("How we were checked"), list(_judged(facts, left_out))),
        Part(_("When somebody said no"), list(_refused(facts))),
        Part(_("Find out more"), list(more())),
    ]
    changes = sum(max(0, len(row.changes) - EXAMPLES) for row in facts.principles)
    words = ngettext("%(number)s change is not mentioned.", "%(number)s changes are not mentioned.", changes)
    rule = _("Examples of changes are the first that the report prints for each principle.")
    rest = _("What a critical reader would ask is left out, and so are the records behind it.")
    left_out.rest = f"{rule} {words % {'number': changes}} {rest}"
    return Draft(parts, left_out)


def _about(facts: AssessmentFacts) -> Iterator[Idea]:
    yield from about(facts.body, facts.first_day, facts.last_day)
    yield from idea(_("NHS England checks us once a year."), _("a person with a check list"))
    yield from idea(_("We wrote this paper for that check."), _("a paper that one person gives another"))


def _gaps(facts: AssessmentFacts) -> Iterator[Idea]:
    """What nothing in the record shows, before anything else."""
    holes = sum(len(names) for _place, names in facts.places.holes)
    rows = (
        (
            sum(row.strength == NONE for row in facts.principles),
            _("Rules that we have nothing to show for: %(number)s."),
            _("an empty page"),
        ),
        (
            sum(row.state == GAP for row in facts.duties),
            _("Laws that we have nothing to show for: %(number)s."),
            _("a law book, closed"),
        ),
        (holes, _("Times a rule is not shown in a place: %(number)s."), _("a map with gaps")),
        (len(facts.people.unheard), _("Groups of people we did not hear from: %(number)s."), _("people far away")),
        (facts.unanswered, _("We gave people no answer after %(number)s things."), _("an empty speech bubble")),
    )
    found = list(counted(rows))
    yield from found or idea(_("We looked for gaps and found none."), _("a tick"))


def _edited(facts: AssessmentFacts, left_out: LeftOut) -> Iterator[Idea]:
    names = dict(SECTIONS)
    for key, text in facts.edited.items():
        yield from written(text, str(names.get(key, key)), left_out)


def _numbers(facts: AssessmentFacts) -> Iterator[Idea]:
    rows = facts.activities.value, facts.forums.value
    yield from [*activities(rows[0]), *forums(rows[1])] if any(rows) else nothing()


# Rules -------------------------------------------------------------------------------------------


def _principle(row: PrincipleFacts, left_out: LeftOut) -> Iterator[Idea]:
    if not row.claims:
        yield from followed(0)
        return
    if row.activities:
        yield from followed(len(row.activities))
    helped = ngettext("%(number)s group helps with this.", "%(number)s groups help with this.", len(row.forums))
    yield from counted([(len(row.forums), helped, _("a group of people at a table"))])
    yield from (Idea(sentence, _("a mark that says how sure we are")) for sentence in _strength(row.strength))
    yield from counted([(len(row.changes), _("Changes that are written down: %(number)s."), _("an arrow"))])
    if not row.changes:
        yield from idea(_("Nothing that changed is written down."), _("an empty page"))
    for change in row.changes[:EXAMPLES]:
        yield from _change(change, left_out)


def _strength(strength: str) -> list[str]:
    """How far a principle is shown, in short words."""
    return {
        "claimed": [_("We say that we do this."), _("Nobody has proved it yet.")],
        "evidenced": [_("We wrote down how we do this."), _("Nobody has checked it yet.")],
        "verified": [_("Somebody has checked that we do this.")],
        "outcome": [_("Somebody has checked that we do this."), _("It made a difference.")],
    }[strength]


def _change(change: Change, left_out: LeftOut) -> Iterator[Idea]:
    said = short_sentences(change.words)
    if not said:
        if change.words not in left_out.to_shorten:
            left_out.to_shorten.append(change.words)
        return
    yield from idea(_("This is what changed."), _("an arrow"))
    yield from (Idea(sentence, _("what this sentence says")) for sentence in said)


# Law, checks, refusals ---------------------------------------------------------------------------


def _duties(facts: AssessmentFacts) -> Iterator[Idea]:
    by_state = (
        (GAP, _("Laws that we have nothing to show for: %(number)s.")),
        (PARTLY, _("Laws where something is missing: %(number)s.")),
        (MET, _("Laws where we can show what we did: %(number)s.")),
        (NO_CASE, _("Laws that did not matter this year: %(number)s.")),
    )
    rows = [(sum(row.state == each for row in facts.duties), words, _("a law book")) for each, words in by_state]
    found = list(counted(rows))
    yield from found or idea(_("No law is written down."), _("an empty page"))


def _judged(facts: AssessmentFacts, left_out: LeftOut) -> Iterator[Idea]:
    if not facts.judged:
        yield from idea(_("Nobody has written down a check of this year."), _("an empty page"))
    for one in facts.judged:
        by = _("This check is by %(assessor)s.") % {"assessor": one.assessor}
        yield from idea(by, _("a person with a check list"))
        if not one.is_final:
            yield from idea(_("This check is not finished."), _("an open box"))
        for row in one.rows:
            said = f"{row.dimension}: {row.level}."
            if row.level and fits(said):
                yield from idea(said, _("a mark that says how good it is"))
            else:
                left_out.to_shorten.append(f"{one.name}: {row.dimension}")


def _refused(facts: AssessmentFacts) -> Iterator[Idea]:
    passed = sum(bool(row.passed) for row in facts.refused)
    rows = (
        (len(facts.refused), _("Times somebody said no: %(number)s."), _("a hand that says stop")),
        (passed, _("Times we went on all the same: %(number)s."), _("a person who walks on")),
    )
    found = list(counted(rows))
    yield from found or idea(_("It is not written down that anybody said no."), _("an empty page"))
