"""The sections of a body's profile about its forums: the lists they draw on, and the forums themselves (FNM-*)."""

from core.profiles import refuse_unknown, typed, upsert, wrong
from forums.models import (
    Cadence,
    Criterion,
    ExpenseCategory,
    Forum,
    ForumAlias,
    ForumKind,
    ForumLink,
    SeatRole,
    SeatRule,
    Standard,
    StandardCriterion,
    TermsOfReference,
    Training,
)
from people.models import Area, Organisation

VALUES = (
    "role",
    "level",
    "purpose",
    "remit",
    "remit_is_agreed",
    "chair",
    "contact",
    "website",
    "size",
    "minimum_age",
    "maximum_age",
    "is_open",
    "meets",
    "default_mode",
    "papers_days",
    "questions_per_meeting",
    "no_links_from",
    "interim_on",
    "established_on",
    "closed_on",
)
TO_FORUMS = ("parent", "successor", "meets_before")
ELSEWHERE = ("name", "kind", "area", "organisation", "status", *TO_FORUMS)
LISTS = ("aliases", "cadence", "terms", "seats", "links")


def load_forum_kinds(rows: list[dict]) -> None:
    """[[forum_kind]]: kinds of forum, boards and committees among them."""
    for row in rows:
        refuse_unknown(row, "code", "name", "is_committee")
        upsert(ForumKind, {"code": row["code"]}, typed(ForumKind, row, "name", "is_committee"))


def load_seat_roles(rows: list[dict]) -> None:
    """[[seat_role]]: the parts that people play on a forum."""
    for row in rows:
        refuse_unknown(row, "code", "name", "is_chair", "training_required")
        upsert(SeatRole, {"code": row["code"]}, typed(SeatRole, row, "name", "is_chair", "training_required"))


def load_criteria(rows: list[dict]) -> None:
    """[[criterion]]: what readers are asked about a document, in the order of the file (REV-*)."""
    for order, row in enumerate(rows, start=1):
        refuse_unknown(row, "code", "name", "question", "order", "is_asked")
        values = typed(Criterion, row, "name", "question", "order", "is_asked")
        upsert(Criterion, {"code": row["code"]}, {"order": order} | values)


def load_expense_categories(rows: list[dict]) -> None:
    """[[expense_category]]: what may be claimed, by the policy from a date on. `most` is a text in pounds: "0.45"."""
    for row in rows:
        names = ("name", "unit", "most", "needs_receipt", "policy", "ends_on")
        refuse_unknown(row, "code", "starts_on", *names)
        key = {"code": row["code"], "starts_on": row["starts_on"]}
        upsert(ExpenseCategory, key, typed(ExpenseCategory, row, *names))


def load_trainings(rows: list[dict]) -> None:
    """[[training]]: trainings without a date. Sessions that can be booked are entered by staff, and are not touched."""
    for row in rows:
        names = ("description", "mode", "refresh_months", "is_open")
        refuse_unknown(row, "title", *names)
        upsert(Training, {"title": row["title"], "starts_at": None}, typed(Training, row, *names))


def load_standards(rows: list[dict]) -> None:
    """[[standard]]: a version of the standard for patient groups, with its criteria in order (PPG-*)."""
    for row in rows:
        refuse_unknown(row, "name", "version", "starts_on", "criteria")
        key = {"name": row["name"], "version": row["version"]}
        standard = upsert(Standard, key, typed(Standard, row, "starts_on"))
        for number, text in enumerate(row["criteria"], start=1):
            upsert(StandardCriterion, {"number": number, "standard": standard}, {"text": text})


def load_forums(rows: list[dict]) -> None:
    """[[forum]]: forums, boards and committees, in any order: one may name another that stands further down.

    A forum that is recorded under the name, or under an older one, gets what the row says and keeps the rest; nothing
    is deleted. It keeps its status too: whether a forum has begun or closed is for staff to say.
    """
    names = Names()
    for row in rows:
        refuse_unknown(row, *ELSEWHERE, *VALUES, *LISTS)
        if texts := [field for field in LISTS if not isinstance(row.get(field, []), list)]:
            raise wrong(row, f"{' and '.join(texts)} must be a list")
        _load_forum(row, names)
    for row in rows:
        forum = names.forum(row, row["name"])
        upsert(
            Forum, {"name": forum.name}, {field: names.forum(row, row[field]) for field in TO_FORUMS if field in row}
        )
        _load_cadences(row, forum)
        _load_terms(row, forum)
        _load_seats(row, forum, names)
        _load_links(row, forum, names)


class Names:
    """What a row may refer to by name or code: read once, looked up often."""

    def __init__(self):
        self.forums = Forum.objects.by_name()
        self.organisations = Organisation.objects.by_name()
        self.areas = Area.objects.by_name()
        self.kinds = {kind.code: kind for kind in ForumKind.objects.all()}
        self.roles = {role.code: role for role in SeatRole.objects.all()}

    def forum(self, row: dict, name: str) -> Forum:
        return self._find(row, self.forums, name, "forum")

    def organisation(self, row: dict, name: str) -> Organisation:
        return self._find(row, self.organisations, name, "organisation")

    def area(self, row: dict, name: str) -> Area:
        return self._find(row, self.areas, name, "area")

    def kind(self, row: dict, code: str) -> ForumKind:
        return self._find(row, self.kinds, code, "kind of forum")

    def role(self, row: dict, code: str) -> SeatRole:
        return self._find(row, self.roles, code, "role of a seat")

    def _find(self, row, rows, name, what):
        found = rows.get(str(name).casefold())
        if found is None:
            raise wrong(row, f"there is no {what} “{name}”. Name one that stands in this file or in the database")
        return found


def _load_forum(row: dict, names: Names) -> None:
    """What a forum is by itself, and the names it goes by."""
    values = typed(Forum, row, *VALUES)
    for field in ("kind", "area", "organisation"):
        if field in row:
            values[field] = getattr(names, field)(row, row[field])
    known = names.forums.get(row["name"].casefold())
    if known is None:
        values |= typed(Forum, row, "status")
        if missing := [field for field in ("kind", "level") if field not in row]:
            raise wrong(row, f"a forum that is not recorded yet needs its {' and '.join(missing)}")
    forum = upsert(Forum, {"name": known.name if known else row["name"]}, values)
    names.forums |= {key: forum for key, old in names.forums.items() if old == forum}
    names.forums[row["name"].casefold()] = forum
    for alias in row.get("aliases", []):
        owner = names.forums.get(alias.casefold())
        if owner is not None and owner != forum:
            raise wrong(row, f"“{alias}” is a name of {owner} already. Leave it out of one of the two")
        if owner is None:
            names.forums[alias.casefold()] = upsert(ForumAlias, {"name": alias}, {"forum": forum}).forum


def _load_cadences(row: dict, forum: Forum) -> None:
    for rule in row.get("cadence", []):
        refuse_unknown(rule | {"name": forum.name}, "name", "unit", "number", "starts_on")
        key = {"forum": forum, "starts_on": rule["starts_on"]}
        upsert(Cadence, key, {"unit": rule["unit"], "number": rule.get("number")})


def _load_terms(row: dict, forum: Forum) -> None:
    for terms in row.get("terms", []):
        fields = ("text", "agreed_on", "agreed_by", "review_on")
        refuse_unknown(terms | {"name": forum.name}, "name", "version", *fields)
        upsert(TermsOfReference, {"forum": forum, "version": terms["version"]}, typed(TermsOfReference, terms, *fields))


def _load_seats(row: dict, forum: Forum, names: Names) -> None:
    for seat in row.get("seats", []):
        fields = ("minimum", "maximum", "attends_every")
        refuse_unknown(seat | {"name": forum.name}, "name", "role", "required", "nominated_by", "from_forum", *fields)
        key = {"forum": forum, "role": names.role(row, seat["role"]), "nominated_by": None, "from_forum": None}
        if "nominated_by" in seat:
            key["nominated_by"] = names.organisation(row, seat["nominated_by"])
        if "from_forum" in seat:
            key["from_forum"] = names.forum(row, seat["from_forum"])
        upsert(SeatRule, key, typed(SeatRule, seat, *fields) | {"is_required": seat.get("required", True)})


def _load_links(row: dict, forum: Forum, names: Names) -> None:
    for link in row.get("links", []):
        refuse_unknown(link | {"name": forum.name}, "name", "kind", "to", "to_name", "seats")
        key = {"forum": forum, "kind": link["kind"], "to_forum": None, "to_name": link.get("to_name", "")}
        if "to" in link:
            key |= {"to_forum": names.forum(row, link["to"])}
            _point_at_the_forum(key)
        upsert(ForumLink, key, typed(ForumLink, link, "seats"))


def _point_at_the_forum(key: dict) -> None:
    """A tie to a board that was known in words alone leads to the board itself once it is recorded, and only once."""
    wanted = {key["to_forum"].name.casefold(), *(alias.name.casefold() for alias in key["to_forum"].aliases.all())}
    if ForumLink.objects.filter(**key).exists():
        return
    for link in ForumLink.objects.filter(forum=key["forum"], kind=key["kind"], to_forum=None):
        if link.to_name.casefold() in wanted:
            link.to_forum, link.to_name = key["to_forum"], ""
            link.full_clean()
            link.save()
            return
