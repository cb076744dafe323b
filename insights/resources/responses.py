"""The sheet of “you said, we did”."""

import datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from core.columns import Choice, Column, Day, Figure, One, Several, Text, Wrong
from core.resources import Plan, TableResource
from core.spreadsheets import fold
from engagement.models import Activity, Topic
from insights.models import Reason, Response, Status
from insights.services import responses as services
from people.models import Organisation, PopulationGroup

SYNONYMS = {
    "looked at again": Status.REVIEWED,
    "complete": Status.DONE,
    "completed": Status.DONE,
    "finished": Status.DONE,
    "we did": Status.DONE,
    "in progress": Status.UNDER_WAY,
    "underway": Status.UNDER_WAY,
    "ongoing": Status.UNDER_WAY,
    "started": Status.UNDER_WAY,
    "planned": Status.PROMISED,
    "promise": Status.PROMISED,
    "agreed": Status.PROMISED,
    "we will": Status.PROMISED,
    "to do": Status.PROMISED,
    "could not": Status.COULD_NOT,
    "couldn't": Status.COULD_NOT,
    "cannot": Status.COULD_NOT,
    "can't": Status.COULD_NOT,
    "not possible": Status.COULD_NOT,
    "declined": Status.COULD_NOT,
}


REASONS = {
    "money": Reason.COST,
    "too expensive": Reason.COST,
    "unsafe": Reason.SAFETY,
    "not safe": Reason.SAFETY,
    "legal": Reason.LAW,
    "not ours": Reason.REMIT,
    "somebody else decides": Reason.REMIT,
    "no evidence": Reason.EVIDENCE,
    "already happening": Reason.ALREADY,
    "not yet": Reason.LATER,
}


class ByReference(One):
    """The activity that an answer belongs to."""

    def prepare(self, resource):
        Column.prepare(self, resource)
        self.names = resource.activities

    def text(self, value):
        return value.reference if value else ""


class References:
    """Every activity by its reference, read once. Answers like core.resources.Names."""

    def __init__(self):
        self.rows = {fold(activity.reference): activity for activity in Activity.objects.only("reference", "title")}

    def find(self, reference: str) -> Activity | None:
        return self.rows.get(fold(reference))

    def missing(self, reference: str) -> Wrong:
        return Wrong(
            _("There is no activity with the reference “%(name)s”") % {"name": reference[:60]},
            _("Import the sheet of activities first, or correct the reference"),
            reference,
        )


class Published(Day):
    """The day on which an answer was published. An empty cell takes nothing back."""

    def current(self, instance):
        return timezone.localdate(instance.published_at) if instance.published_at else None

    def same(self, old, new):
        return new is None or old == new


class ResponseResource(TableResource):
    """Answers by activity and what people said in it. They are written by the services, each step audited."""

    select_related = ("activity", "topic", "responsible")
    prefetch_related = ("groups",)

    activity = ByReference("activity", Activity, required=True)
    topic = One("topic", Topic, new=True, required=True)
    you_said = Text("you_said", long=True, required=True)
    we_did = Text("we_did", long=True)
    status = Choice("status", Status, synonyms=SYNONYMS, required=True)
    reason = Text("reason", long=True)
    promised_for = Day("promised_for")
    reason_code = Choice("reason_code", Reason, synonyms=REASONS)
    responsible = One("responsible", Organisation)
    responsible_post = Text("responsible_post")
    next_update = Day("next_update_on")
    heard = Day("heard_on")
    done = Day("done_on")
    evidence = Text("evidence", long=True)
    review_found = Text("review_found", long=True)
    people = Figure("people")
    groups = Several("groups", PopulationGroup)
    published = Published("published_at")

    class Meta:
        model = Response
        import_id_fields = ("activity", "you_said")

    def load(self, sheet, **kwargs):
        self.activities = References()
        return super().load(sheet, **kwargs)

    def key(self, values):
        if not (values.get("activity") and values.get("you_said")):
            return None
        return values["activity"].pk, fold(values["you_said"])

    def key_text(self, values, cells):
        return f"{cells['activity']}: {cells['you_said']}"

    def index(self):
        return {
            (activity, fold(said)): pk
            for activity, said, pk in Response.objects.values_list("activity", "you_said", "pk")
        }

    def complete(self, plan: Plan) -> None:
        if plan.is_new:
            plan.values.setdefault("we_did", "")
            plan.values.setdefault("reason", "")
            plan.values.setdefault("reason_code", "")
            plan.values.setdefault("review_found", "")
        words = {
            name: plan.values.get(name, getattr(plan.instance, name, None))
            for name in ("status", "we_did", "reason", "reason_code", "review_found")
        }
        unread = {problem.column for problem in plan.problems} & words.keys()
        if not unread:
            try:
                services.check(**words)
            except ValidationError as error:
                for name, messages in error.message_dict.items():
                    self.wrong(plan, name, Wrong(messages[0], _("Fill in the column %(name)s") % {"name": name}))
        if plan.values.get("published"):
            self._check_publication(plan, plan.values["published"])

    def _check_publication(self, plan: Plan, day: datetime.date) -> None:
        if day > timezone.localdate():
            self.wrong(
                plan,
                "published",
                Wrong(_("The day of publication lies in the future"), _("Write a day up to today, or leave it empty")),
                str(day),
            )
        is_new_day = plan.is_new or not self.fields["published"].same(
            self.fields["published"].current(plan.instance), day
        )
        if is_new_day and self.by is not None and not self.by.has_perm("insights.publish_response"):
            self.wrong(
                plan,
                "published",
                Wrong(_("You may not publish"), _("Leave it empty, and ask an engagement lead to publish")),
                str(day),
            )

    def write(self, plans: list[Plan]) -> None:
        self.save_names()
        for plan in plans:
            values = {self.fields[name].attribute: value for name, value in plan.values.items()}
            day = values.pop("published_at", None)
            if plan.is_new:
                plan.instance = services.create_response(values.pop("activity"), by=self.by, **values)
            else:
                services.update_response(plan.instance, by=self.by, is_old=True, **values)
            if day and any(name == "published" for name, _old, _new in plan.changes):
                services.publish_response(plan.instance, by=self.by, at=_start_of(day), is_old=True)


def _start_of(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))
