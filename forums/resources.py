"""The sheets of forums and of the patient groups of practices."""

import difflib

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.columns import Choice, Coded, Column, Day, Figure, One, Text, Whole, Wrong, quoted, several
from core.resources import Plan, TableResource
from core.spreadsheets import fold, shorten
from forums.models import Forum, ForumKind, ForumLink, PracticeGroup
from people.models import Area, Level, Organisation, OrganisationKind

OLDEST = 120
MOST_COMPARED = 300


class ReportsTo(Column):
    """The forums and other bodies that a forum reports to. A value is a tuple of (name, whether it is a forum)."""

    is_related = True
    empty = ()

    def read(self, cell):
        return tuple(several(cell))

    def current(self, instance):
        return tuple((link.target, link.to_forum_id is not None) for link in self._links(instance))

    def same(self, old, new):
        return {(fold(name), is_forum) for name, is_forum in old} == {(fold(name), is_forum) for name, is_forum in new}

    def text(self, value):
        return "; ".join(name for name, _is_forum in value)

    def write(self, changes):
        gone, added = [], []
        for forum, value in changes:
            wanted = {(fold(name), is_forum): name for name, is_forum in value}
            for link in self._links(forum) if forum in self.resource.existing else []:
                if wanted.pop((fold(link.target), link.to_forum_id is not None), None) is None:
                    gone.append(link.pk)
            added += [self._link(forum, name, is_forum) for (_folded, is_forum), name in wanted.items()]
        ForumLink.objects.filter(pk__in=gone).delete()
        ForumLink.objects.bulk_create(added)

    def _links(self, forum):
        return [link for link in forum.links.all() if link.kind == ForumLink.Kind.REPORTS_TO]

    def _link(self, forum, name, is_forum):
        to_forum = self.resource.forum_called(name) if is_forum else None
        return ForumLink(
            forum=forum, kind=ForumLink.Kind.REPORTS_TO, to_forum=to_forum, to_name="" if to_forum else name
        )


class ForumResource(TableResource):
    """Forums by name. One that is recorded under the name, or was under an older one, is changed; others are new."""

    select_related = ("kind", "area", "organisation")
    prefetch_related = ("links__to_forum",)

    name = Text("name", required=True)
    kind = Coded("kind", ForumKind, required=True)
    level = Choice("level", Level, required=True)
    place = One("area", Area)
    organisation = One("organisation", Organisation, new=True, refuse_near=True)
    chair = Text("chair")
    members = Figure("size")
    minimum_age = Whole("minimum_age", most=OLDEST)
    maximum_age = Whole("maximum_age", most=OLDEST)
    meets = Text("meets")
    established = Day("established_on")
    reports_to = ReportsTo()
    purpose = Text("purpose", long=True)

    class Meta:
        model = Forum
        import_id_fields = ("name",)

    def key(self, values):
        if not values.get("name"):
            return None
        known = self.names(Forum).find(values["name"])
        return known.pk if known else fold(values["name"])

    def key_text(self, values, cells):
        return values.get("name") or str(cells["name"])

    def index(self):
        return {forum.pk: forum.pk for forum in self.names(Forum).rows.values()}

    def before(self, plans):
        self.in_file = {fold(plan.values["name"]): plan for plan in plans if plan.is_new and plan.values.get("name")}

    def complete(self, plan: Plan) -> None:
        if not plan.is_new:
            plan.values.pop("name", None)  # a forum keeps the name under which it is recorded
        self._check_ages(plan)
        if "reports_to" in plan.values:
            self._find_targets(plan)

    def _check_ages(self, plan: Plan) -> None:
        youngest, oldest = (
            plan.values.get(name, getattr(plan.instance, name, None)) for name in ("minimum_age", "maximum_age")
        )
        if youngest is not None and oldest is not None and oldest < youngest:
            problem = _("The oldest age, %(oldest)s, is lower than the youngest, %(youngest)s") % {
                "oldest": oldest,
                "youngest": youngest,
            }
            self.wrong(plan, "maximum_age", Wrong(problem, _("Exchange the two, or correct one")), str(oldest))

    def _find_targets(self, plan: Plan) -> None:
        targets = []
        for name in plan.values.pop("reports_to"):
            try:
                targets.append(self._target(plan, name))
            except Wrong as wrong:
                self.wrong(plan, "reports_to", wrong, name)
        plan.values["reports_to"] = tuple(targets)

    def _target(self, plan: Plan, name: str) -> tuple[str, bool]:
        """The forum of that name, recorded or in this file; else another body, named in words. Raises Wrong."""
        forums, other = self.names(Forum), self.in_file.get(fold(name))
        found = forums.find(name)
        if other is plan or (found is not None and found == plan.instance):
            raise Wrong(
                _("A forum cannot report to itself"), _("Name the forum or board above it, or leave the cell empty")
            )
        if found or other:
            return (found.name if found else other.values["name"]), True
        if len(name) > ForumLink._meta.get_field("to_name").max_length:
            raise Wrong(
                _("“%(name)s” is too long for a name") % {"name": shorten(name, 40)},
                _("Separate several names with a semicolon"),
            )
        if self.names(Organisation).find(name) is None and (near := self._close(name)):
            raise Wrong(
                _("There is no forum called “%(name)s”") % {"name": name},
                _("Did you mean %(names)s?") % {"names": quoted([near])},
            )
        return name, False

    def _close(self, name: str) -> str | None:
        """A forum, recorded or in this file, whose name is almost this one."""
        here = difflib.get_close_matches(fold(name), list(self.in_file)[:MOST_COMPARED], n=1, cutoff=0.9)
        return next(iter(self.names(Forum).close(name, 0.9)), None) or (
            self.in_file[here[0]].key_text if here else None
        )

    def forum_called(self, name: str) -> Forum:
        """The forum of that name, also one that came in with this file."""
        return self.names(Forum).find(name) or self.in_file[fold(name)].instance


# Patient groups of practices -------------------------------------------------------------------------


class OfForum:
    """A column of a group that stands on its forum."""

    def prepare(self, resource):
        super().prepare(resource)
        self.model = Forum

    def current(self, instance):
        return getattr(instance.forum, self.attribute)

    def put(self, instance, value):
        setattr(instance.forum, self.attribute, value)


class ForumText(OfForum, Text):
    """Words about the forum."""


class ForumFigure(OfForum, Figure):
    """A count of the forum."""


class Checked(Text):
    """Words that a validator checks: an address of e-mail or of the web."""

    def __init__(self, attribute: str, check, fix: str, **kwargs):
        super().__init__(attribute, **kwargs)
        self.check, self.fix = check, fix

    def read(self, cell):
        text = super().read(cell)
        try:
            self.check(text)
        except ValidationError as error:
            raise Wrong(_("“%(value)s” is not an address") % {"value": shorten(text)}, str(self.fix)) from error
        return text


class ForumChecked(OfForum, Checked):
    """An address of the forum."""


class PracticeGroupResource(TableResource):
    """Patient groups by name. A row makes the group and its forum; a practice that is new is recorded too (PPG-001)."""

    KIND = "practice_group"
    select_related = ("forum", "practice", "network")

    practice = One("practice", Organisation, new=True, refuse_near=True, required=True)
    network = One("network", Area)
    name = ForumText("name")
    chair = ForumText("chair")
    members = ForumFigure("size")
    meets_how = Choice("meets_how", PracticeGroup.Meets)
    contact_email = Checked("contact_email", validate_email, gettext_lazy("Write it like name@example.com"))
    practice_lead = Text("practice_lead")
    website = ForumChecked(
        "website", URLValidator(["http", "https"]), gettext_lazy("Write it like https://www.example.org")
    )
    last_reply = Day("last_reply_on")

    class Meta:
        model = PracticeGroup
        import_id_fields = ("practice",)

    def key(self, values):
        """The name of the group: the one given, or that of its practice with what it is."""
        if not values.get("practice"):
            return None
        values["name"] = values.get("name") or _("%(practice)s patient participation group") % {
            "practice": values["practice"].name
        }
        known = self.names(Forum).find(values["name"])
        return known.pk if known else fold(values["name"])

    def key_text(self, values, cells):
        return values.get("name") or str(cells["practice"])

    def index(self):
        return dict(PracticeGroup.objects.values_list("forum", "pk"))

    def before(self, plans):
        self.kind = ForumKind.objects.filter(code=self.KIND).first()
        for practice in self.names(Organisation).pending:
            practice.kind = OrganisationKind.PRIMARY_CARE

    def complete(self, plan: Plan) -> None:
        forum = self.names(Forum).find(plan.values.get("name", ""))
        if not plan.is_new:
            plan.values.pop("name", None)  # a group keeps the name under which it is recorded
        elif self.kind is None:
            problem = _("There is no kind of forum with the code “%(code)s”") % {"code": self.KIND}
            self.wrong(plan, "practice", Wrong(problem, _("Add it in the admin, under kinds of forum")))
        elif forum and forum.kind_id != self.kind.pk:
            problem = _("“%(name)s” is a forum of another kind") % {"name": forum.name}
            self.wrong(plan, "name", Wrong(problem, _("Give the group another name")), forum.name)
        elif len(plan.values.get("name", "")) > (most := Forum._meta.get_field("name").max_length):
            problem = _("The name of the group is too long")
            self.wrong(plan, "name", Wrong(problem, _("Write at most %(most)s characters") % {"most": most}))
        elif forum:
            plan.values["name"] = forum.name
        network = plan.values.get("network")
        if network and network.level != Level.NEIGHBOURHOOD:
            problem = _("“%(name)s” is not a network of practices") % {"name": network.name}
            self.wrong(plan, "network", Wrong(problem, _("Name a network, or leave the cell empty")), network.name)

    def write(self, plans):
        """Forum and group of each row together: a group is nothing without its forum."""
        self.save_names()
        for plan in plans:
            if plan.is_new:
                found = self.names(Forum).find(plan.values["name"])
                plan.instance = PracticeGroup(forum=found or Forum(kind=self.kind, level=Level.PRACTICE))
            for name, _old, new in plan.changes:
                self.fields[name].put(plan.instance, new)
            forum = plan.instance.forum
            forum._history_user, forum._change_reason = self.by, self.reason
            forum.save()
            plan.instance.forum = forum
            plan.instance.save()
