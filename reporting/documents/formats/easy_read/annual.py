"""The Easy Read draft of the annual report: what was done, where, and what came of it, rule by rule."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from insights.models import Status
from reporting.documents.facts import AnnualFacts, Answer, Item, Section
from reporting.documents.formats.easy_read.shared import (
    EXAMPLES,
    Draft,
    Idea,
    LeftOut,
    Part,
    about,
    activities,
    answer,
    answers,
    counted,
    followed,
    forums,
    heading,
    more,
    number_of,
    places,
    short_sentences,
    told,
)
from reporting.documents.formats.examples import RULE, examples


def draft(facts: AnnualFacts) -> Draft:
    left_out = LeftOut()
    parts = [
        Part(_("About this paper"), list(_about(facts))),
        Part(_("What we did"), list(_numbers(facts))),
        Part(_("Where we did it"), list(places((line.label, line.value) for line in facts.by_place))),
        *(
            Part(heading(section.number, section.short), list(_principle(section, left_out)))
            for section in facts.sections
        ),
        Part(_("What we need to do better"), list(_gaps(facts))),
        Part(_("Find out more"), list(more())),
    ]
    shown = sum(len(examples(section.items, EXAMPLES)) for section in facts.sections)
    number = len(facts.items) - shown
    words = ngettext("%(number)s activity is not mentioned.", "%(number)s activities are not mentioned.", number)
    left_out.rest = f"{RULE} {words % {'number': number}}"
    return Draft(parts, left_out)


def _about(facts: AnnualFacts) -> Iterator[Idea]:
    yield from about(facts.body, facts.first_day, facts.last_day)
    number = len(facts.sections)
    words = ngettext(
        "We follow %(number)s rule about listening.", "We follow %(number)s rules about listening.", number
    )
    yield from number_of(words, number, _("a list with ticks"))


def _numbers(facts: AnnualFacts) -> Iterator[Idea]:
    yield from activities(facts.activities)
    yield from forums(facts.forums)
    given = [each for item in facts.items for each in item.answers]
    yield from answers(len(given))
    by_status = (
        (Status.DONE, _("We have done %(number)s of them.")),
        (Status.UNDER_WAY, _("We are working on %(number)s of them.")),
        (Status.PROMISED, _("We have promised %(number)s of them.")),
        (Status.COULD_NOT, _("We could not do %(number)s of them.")),
    )
    for status, words in by_status:
        if number := sum(each.status == status for each in given):
            yield from number_of(words, number, _("the number %(number)s") % {"number": number})


def _principle(section: Section, left_out: LeftOut) -> Iterator[Idea]:
    yield from followed(len(section.items))
    for example in examples(section.items, EXAMPLES):
        if example.answer:
            yield from _answer(example.item, example.answer, left_out)
        else:
            yield from _activity(example.item, left_out)


def _answer(item: Item, said: Answer, left_out: LeftOut) -> Iterator[Idea]:
    came_of_it = said.reason if said.status == Status.COULD_NOT else said.we_did
    texts, name = (said.you_said, came_of_it), f"{said.reference}: {item.title}"
    yield from answer(said.topic, texts, said.status, name, left_out)


def _activity(item: Item, left_out: LeftOut) -> Iterator[Idea]:
    heard, changed = short_sentences(item.told), short_sentences(item.changed)
    if heard and changed:
        yield from told(heard, changed)
    else:
        left_out.to_shorten.append(f"{item.reference}: {item.title}")


def _gaps(facts: AnnualFacts) -> Iterator[Idea]:
    items = facts.items
    waiting = [each for item in items for each in item.answers if each.status in (Status.PROMISED, Status.UNDER_WAY)]
    lacking = (
        (
            sum(not item.answers for item in items),
            _("We gave people no answer after %(number)s things."),
            _("an empty speech bubble"),
        ),
        (
            sum(not (item.reached or item.took_part) for item in items),
            _("We did not count the people at %(number)s things."),
            _("a person who counts"),
        ),
        (len(waiting), _("We still have to finish %(number)s things."), _("a list with open boxes")),
    )
    yield from counted(lacking)
