"""What came in for a survey: numbers by route, and for each question how many said what, of how many (ENG-022)."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core.charts import Bar, bars
from engagement.models import Survey, SurveyAnswer, SurveyQuestion, SurveyResponse

Kind = SurveyQuestion.Kind
MOST_WORDS = 50  # on the page of a survey; all of them stand under the responses


@dataclass(frozen=True, slots=True)
class Numbers:
    """Responses by route, each with what was sent and what is read; `drafts` are being written and count nowhere."""

    routes: list[tuple[str, int, int]]
    sent: int
    read: int
    drafts: int

    @property
    def unread(self) -> int:
        return self.sent - self.read


@dataclass(frozen=True, slots=True)
class Spread:
    """Answers to one question. `base` is how many people answered it; shares are of these, in whole per cent.

    `rows` are answer, people and share; where several answers may be given, shares add up to more than 100.
    `words` are the newest of what people wrote, `span` is least, middle and greatest of numbers.
    """

    question: SurveyQuestion
    place: int
    base: int
    rows: list[tuple[str, int, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    span: tuple[int, int | float, int] | None = None

    @property
    def picture(self) -> SafeString | str:
        """The rows as bars, or nothing where nobody answered."""
        if not self.base or not self.rows:
            return ""
        shown = [Bar(label, number) for label, number, _share in self.rows]
        return bars(self.question.text, shown, ident=f"question-{self.question.pk}")


def numbers(survey: Survey) -> Numbers:
    """How many responses came by which route, and how many of them somebody has read."""
    is_sent, is_read = Q(sent_at__isnull=False), Q(read_at__isnull=False)
    found = survey.responses.order_by().values_list("route")
    counted = {
        route: (sent, read, drafts)
        for route, sent, read, drafts in found.annotate(
            sent=Count("pk", filter=is_sent), read=Count("pk", filter=is_read), drafts=Count("pk", filter=~is_sent)
        )
    }
    routes = [(str(label), *counted.get(code, (0, 0, 0))[:2]) for code, label in SurveyResponse.Route.choices]
    return Numbers(
        routes=routes,
        sent=sum(sent for _route, sent, _read in routes),
        read=sum(read for _route, _sent, read in routes),
        drafts=sum(drafts for _sent, _read, drafts in counted.values()),
    )


def results(survey: Survey) -> list[Spread]:
    """Every question of a survey with what people answered who sent it, in two queries."""
    answers: dict[int, list[SurveyAnswer]] = defaultdict(list)
    sent = SurveyAnswer.objects.filter(response__survey=survey, response__sent_at__isnull=False)
    for answer in sent.order_by("-response__sent_at", "-pk"):
        answers[answer.question_id].append(answer)
    questions = enumerate(survey.questions.order_by("order"), start=1)
    return [_spread(question, place, answers[question.pk]) for place, question in questions]


def _spread(question: SurveyQuestion, place: int, answers: list[SurveyAnswer]) -> Spread:
    base = len(answers)
    match question.kind:
        case Kind.ONE | Kind.MANY:
            counted = Counter(choice for answer in answers for choice in answer.choices)
            rows = [(option, counted[option], _share(counted[option], base)) for option in question.options]
            return Spread(question, place, base, rows)
        case Kind.SCALE:
            counted = Counter(answer.number for answer in answers)
            labels = {1: _("1 (lowest)"), 5: _("5 (highest)")}
            rows = [(labels.get(each, str(each)), counted[each], _share(counted[each], base)) for each in range(1, 6)]
            return Spread(question, place, base, rows)
        case Kind.NUMBER:
            return Spread(question, place, base, span=_span(sorted(answer.number for answer in answers)))
    return Spread(question, place, base, words=[answer.text for answer in answers[:MOST_WORDS]])


def _share(number: int, base: int) -> str:
    return f"{100 * number / base:.0f}%" if base else "–"


def _span(values: list[int]) -> tuple[int, int | float, int] | None:
    if not values:
        return None
    half, is_odd = divmod(len(values), 2)
    middle = values[half] if is_odd else (values[half - 1] + values[half]) / 2
    return values[0], int(middle) if middle == int(middle) else middle, values[-1]
