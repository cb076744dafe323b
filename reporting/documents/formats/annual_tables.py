"""Every table of the annual report, from its facts."""

from django.utils.translation import gettext as _

from reporting.documents.facts import AnnualFacts, Answer, Commitments, ForumFacts, Item, Voices
from reporting.documents.formats.levels_table import maturity_tables
from reporting.documents.tables import NOTHING, Column, Table, table


def tables_of(facts: AnnualFacts) -> list[Table]:
    return [
        _principles(facts),
        _activities(facts),
        _supports(facts),
        _unplaced(facts),
        _answers(facts),
        _forums(facts),
        _numbers(facts),
        _people(facts),
        _by_principle(facts),
        _lines(
            "by-place", _("Activities by place"), _("the place, or the level where no place is named"), facts.by_place
        ),
        _lines("by-rung", _("Activities by rung of the ladder of participation"), _("the rung"), facts.by_rung),
        _lines("by-month", _("Activities by month"), _("the month, for what took place within one"), facts.by_month),
        *_coverage(facts),
        _questions(facts.voices),
        _reviews(facts.voices),
        *maturity_tables(facts.maturity),
        *_commitments(facts.commitments),
        *_gaps(facts),
    ]


def _questions(voices: Voices) -> Table:
    columns = [
        Column("forum", _("the forum that asked")),
        Column("topic", _("what it is about")),
        Column("question", _("the question in its words")),
        Column("put_on", _("the day on which it was put to the Board")),
        Column("answer", _("what the Board answered"), if_empty=_("the Board has not answered")),
        Column("answered_by", _("who answered"), if_empty=_("the Board has not answered")),
        Column("answered_on", _("the day of the answer"), if_empty=_("the Board has not answered")),
    ]
    rows = [
        (row.forum, row.topic, row.question, row.put_on, row.answer, row.answered_by, row.answered_on)
        for row in voices.questions
    ]
    return table("board-questions", _("Questions to the Board that anybody may read"), columns, rows)


def _reviews(voices: Voices) -> Table:
    columns = [
        Column("document", _("the title of the document")),
        Column("organisation", _("whose it is"), says_unknown=True),
        Column("asked", _("how many readers were asked"), _("people"), says_unknown=True),
        Column("answered", _("how many of them answered"), _("people")),
        Column("comments", _("how many comments by page they sent"), _("comments")),
        Column("taken_up", _("how many of these were taken up"), _("comments")),
        Column("partly", _("how many were taken up in part"), _("comments")),
        Column("not_taken_up", _("how many were not"), _("comments")),
        Column("age_before", _("reading age of the first version"), _("years"), says_unknown=True),
        Column("age_after", _("reading age of the last version"), _("years"), says_unknown=True),
    ]
    rows = [
        (
            *(row.title, row.organisation, row.asked, row.answered, row.comments),
            *(row.taken_up, row.partly, row.not_taken_up, row.age_before, row.age_after),
        )
        for row in voices.reviews
    ]
    return table("reviews", _("Documents that readers reviewed"), columns, rows)


def _commitments(commitments: Commitments) -> list[Table]:
    """None for a snapshot from before they were kept."""
    if not commitments.on:
        return []
    columns = [
        Column("principle", _("the number of the principle that it puts into practice")),
        Column("plan", _("the public plan in which it stands")),
        Column("action", _("the priority action, with its number in the plan")),
        Column("state", _("how far it was on %(day)s") % {"day": commitments.on}),
        Column("time", _("from when to when, in words"), says_unknown=True),
        Column("milestones", _("how many milestones were done, and which were late"), if_empty=str(NOTHING)),
        Column("activities", _("the references of public activities that serve it"), if_empty=str(NOTHING)),
    ]
    rows = [
        (row.principle, row.plan, row.label, row.state_words, row.time, row.milestones, row.references)
        for row in commitments.rows
    ]
    return [table("commitments", _("What was planned under each principle"), columns, rows)]


def _reference(meaning: str = "") -> Column:
    return Column("activity", meaning or _("the activity’s reference"))


def _principles(facts: AnnualFacts) -> Table:
    columns = [
        Column("principle", _("the number of the principle in the wording in force")),
        Column("short", _("the principle in a few words")),
        Column("wording", _("the principle in full")),
    ]
    rows = [(section.number, section.short, section.wording) for section in facts.sections]
    return table("principles", _("The principles"), columns, rows)


def _activities(facts: AnnualFacts) -> Table:
    unknown = {"says_unknown": True}
    none = {"if_empty": str(NOTHING)}
    columns = [
        _reference(),
        Column("title", _("its title in this report")),
        Column("heading", _("the heading that it shares with others"), if_empty=_("it has no heading in common")),
        Column("principle", _("the principle under which it is printed")),
        Column("also_principles", _("other principles that it supports"), **none),
        Column("when", _("when it took place, in words"), **unknown),
        Column("where", _("the places that it was for"), **unknown),
        Column("level", _("the level of the system"), **unknown),
        Column("forums", _("forums that took part"), **none),
        Column("partners", _("partners, and their part"), **none),
        Column("groups", _("groups of people that it was for"), **unknown),
        Column("methods", _("how people were involved"), **unknown),
        Column("rung", _("rung of the ladder of participation"), **unknown),
        Column("stage", _("stage of the work"), **unknown),
        Column("reached", _("people reached, each number in its own words"), _("people"), **unknown),
        Column("took_part", _("people who took part, each number in its own words"), _("people"), **unknown),
        Column("sessions", _("its sessions"), **unknown),
        Column("outputs", _("what was made"), **none),
        Column("impacts", _("what changed, with the kind of change"), **unknown),
        Column("asked", _("what people were asked"), **unknown),
        Column("told", _("what people told us"), **unknown),
        Column("changed", _("what changed because of it"), **unknown),
        Column("text", _("text printed in place of the three before it"), if_empty=_("those three are printed")),
        Column("answers", _("“you said, we did” answers to it"), _("answers")),
    ]
    return table("activities", _("Every activity"), columns, [_activity(item) for item in facts.items])


def _activity(item: Item) -> tuple:
    return (
        item.reference,
        item.title,
        item.heading,
        item.principle,
        item.also,
        item.when,
        item.where,
        item.level,
        item.forums,
        item.partners,
        item.groups,
        item.methods,
        item.rung,
        item.stage,
        item.reached,
        item.took_part,
        item.sessions,
        item.outputs,
        item.impacts,
        item.asked,
        item.told,
        item.changed,
        " ".join(item.paragraphs),
        len(item.answers),
    )


def _supports(facts: AnnualFacts) -> Table:
    columns = [
        Column("principle", _("the principle that is supported")),
        _reference(),
        Column("title", _("the activity’s title")),
        Column("printed_under", _("the principle under which it is printed")),
    ]
    rows = [(one.number, row.reference, row.title, row.principle) for one in facts.sections for row in one.pointers]
    return table("also-supports", _("Activities that support a further principle"), columns, rows)


def _unplaced(facts: AnnualFacts) -> Table:
    columns = [
        _reference(),
        Column("title", _("the activity’s title")),
        Column("principle", _("the number of its principle, in a wording that is not in force")),
    ]
    rows = [(row.reference, row.title, row.principle) for row in facts.unplaced]
    return table("not-placed", _("Activities that fit no principle in force"), columns, rows)


def _answers(facts: AnnualFacts) -> Table:
    columns = [
        Column("answer", _("the reference of the answer")),
        _reference(),
        Column("principle", _("the principle under which it is printed")),
        Column("topic", _("what it is about")),
        Column("you_said", _("what people said")),
        Column("we_did", _("what was done or promised"), says_unknown=True),
        Column("status", _("how far it is")),
        Column("reason", _("why it could not be done"), if_empty=_("it was not refused, or no reason is recorded")),
        Column("address", _("its page"), if_empty=_("it is not public")),
    ]
    rows = [_answer(item, answer) for item in facts.items for answer in item.answers]
    return table("you-said-we-did", _("“You said, we did”"), columns, rows)


def _answer(item: Item, answer: Answer) -> tuple:
    return (
        answer.reference,
        item.reference,
        item.principle,
        answer.topic,
        answer.you_said,
        answer.we_did,
        answer.status_label,
        answer.reason,
        answer.url,
    )


def _forums(facts: AnnualFacts) -> Table:
    unknown = {"says_unknown": True}
    columns = [
        Column("principle", _("the principle that it gives evidence for"), if_empty=_("it gives evidence for none")),
        Column("forum", _("its name")),
        Column("kind", _("what kind of forum it is")),
        Column("purpose", _("what it is for"), **unknown),
        Column("organisation", _("whose it is"), **unknown),
        Column("place", _("its place"), if_empty=_("the whole area, or not recorded")),
        Column("size", _("how many people belong to it, in words"), _("people"), **unknown),
        Column("meets", _("how often it meets"), **unknown),
        Column("chair", _("who chairs it, as recorded for publication"), **unknown),
        Column("established", _("since when it exists"), **unknown),
        Column("ages", _("whom it is for by age"), if_empty=_("it has no limit of age")),
        Column("ties", _("how it is tied to other bodies"), if_empty=str(NOTHING)),
        Column("former_names", _("what it was called before"), if_empty=str(NOTHING)),
    ]
    placed: list[tuple[int | str, ForumFacts]] = [(one.number, row) for one in facts.sections for row in one.forums]
    rows = [_forum(number, row) for number, row in [*placed, *(("", row) for row in facts.other_forums)]]
    return table("forums", _("Forums, once for each principle that they show"), columns, rows)


def _forum(number: int | str, row: ForumFacts) -> tuple:
    return (
        number,
        row.name,
        row.kind,
        row.purpose,
        row.organisation,
        row.place,
        row.size,
        row.meets,
        row.chair,
        row.established,
        row.ages,
        row.ties,
        row.former_names,
    )


def _numbers(facts: AnnualFacts) -> Table:
    columns = [Column("what", _("what is counted")), Column("number", _("how many"), _("see the column before"))]
    rows = [
        (_("activities"), facts.activities),
        (_("forums, panels and networks"), facts.forums),
        *((_("answers: %(status)s") % {"status": line.label.lower()}, line.value) for line in facts.answers),
    ]
    return table("year", _("The year in numbers"), columns, rows)


def _people(facts: AnnualFacts) -> Table:
    columns = [
        Column("about", _("took part, or reached: the two are never added")),
        Column("kind", _("what the number counts: unlike kinds are never added")),
        Column("number", _("the number with its qualifier and its words"), _("people")),
        Column("from_activities", _("how many activities recorded it"), _("activities")),
        Column("of", _("activities in the report"), _("activities")),
        Column("note", _("how to read it"), if_empty=_("nothing to add")),
    ]
    rows = [
        (about, row.label, row.text, row.from_activities, facts.activities, row.note)
        for about, figures in ((_("took part"), facts.took_part), (_("reached"), facts.reached))
        for row in figures
    ]
    return table("people", _("How many people"), columns, rows)


def _by_principle(facts: AnnualFacts) -> Table:
    columns = [
        Column("principle", _("the principle, by number and in a few words")),
        Column("printed_here", _("activities that it fits most"), _("activities")),
        Column("also_support", _("further activities that support it"), _("activities")),
    ]
    rows = [(line.label, line.value, line.second) for line in facts.by_principle]
    return table("by-principle", _("Activities by principle"), columns, rows)


def _lines(name: str, title: str, meaning: str, lines) -> Table:
    columns = [
        Column("label", meaning),
        Column("activities", _("how many; one in two counts in each"), _("activities")),
    ]
    return table(name, title, columns, [(line.label, line.value) for line in lines])


# Coverage ----------------------------------------------------------------------------------------


def _coverage(facts: AnnualFacts) -> list[Table]:
    """The tables of how far each principle is shown; none for a snapshot from before that was kept."""
    if not facts.coverage.sets:
        return []
    return [_strengths(facts), _quarters(facts), _heard(facts), _overrides(facts)]


def _strengths(facts: AnnualFacts) -> Table:
    columns = [
        Column("set", _("the set of principles")),
        Column("principle", _("the principle")),
        Column("shown", _("the strongest claim to it")),
        Column("what", _("activities or forums: they are never added")),
        Column("claimed", _("claimed, without a proof"), _("see “what”")),
        Column("evidenced", _("with a proof"), _("see “what”")),
        Column("verified", _("with a proof that a second person looked at"), _("see “what”")),
        Column("outcome", _("with a named change"), _("see “what”")),
    ]
    rows = [
        (one.name, row.label, row.strength, what, *numbers)
        for one in facts.coverage.sets
        for row in one.principles
        for what, numbers in ((_("activities"), row.activities), (_("forums"), row.forums))
    ]
    return table("shown", _("How far each principle is shown"), columns, rows)


def _quarters(facts: AnnualFacts) -> Table:
    columns = [
        Column("place", _("the place")),
        Column("quarter", _("the quarter, the activities whose day is not known, or the whole year")),
        Column("activities", _("how many; one that spans quarters counts in each"), _("activities")),
    ]
    rows = []
    for row in facts.coverage.places:
        rows += [(row.place, *pair) for pair in zip(facts.coverage.quarters, row.quarters, strict=True)]
        rows += [(row.place, _("day not known"), row.unknown), (row.place, _("in the year"), row.total)]
    return table("place-and-quarter", _("Activities by place and quarter"), columns, rows)


def _heard(facts: AnnualFacts) -> Table:
    columns = [
        Column("group", _("the group of people")),
        Column("status", _("whether it is due to be heard")),
        Column("when", _("when it was last heard from"), if_empty=_("it was never heard from")),
        Column("where", _("where that was"), says_unknown=True),
    ]
    rows = [(row.group, row.status, row.when, row.where) for row in facts.coverage.groups]
    return table("last-heard", _("When each group was last heard from"), columns, rows)


def _overrides(facts: AnnualFacts) -> Table:
    columns = [
        Column("project", _("the project that a check refused")),
        Column("when", _("when it was decided to go on")),
        Column("step", _("which step it was about")),
        Column("obstacles", _("what stood in the way")),
        Column("who", _("who decided")),
        Column("reason", _("why")),
    ]
    rows = [
        (row.project, row.when, row.step, row.obstacles, row.senior, row.reason) for row in facts.coverage.overrides
    ]
    return table("overrides", _("Overrides in the year"), columns, rows)


# What is missing ---------------------------------------------------------------------------------


def _gaps(facts: AnnualFacts) -> list[Table]:
    columns = [
        Column("gap", _("what is missing")),
        Column("meaning", _("what that means")),
        Column("number", _("how often it is missing"), _("entries of “missing-where”")),
        Column("of", _("out of how many"), _("see “meaning”")),
    ]
    where = [
        Column("gap", _("what is missing")),
        Column("activity", _("where it is missing: a reference or a number"), if_empty=_("it has no reference")),
        Column("words", _("its title, or what it says")),
    ]
    rows = [(gap.title, gap.meaning, len(gap.items), gap.of) for gap in facts.gaps]
    places = [(gap.title, *pair) for gap in facts.gaps for pair in gap.items]
    return [
        table("missing", _("What is missing"), columns, rows),
        table("missing-where", _("Where it is missing"), where, places),
    ]
