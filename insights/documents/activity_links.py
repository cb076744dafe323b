"""From the page of an activity to what is kept of it here: comments, who is to be told, answers, the thread."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from engagement.models import Activity
from people.models import User


def links(activity: Activity, user: User) -> Iterator[tuple[str, str]]:
    """What it is called and its address, as far as the user may follow. Two queries, however many there are."""
    may = user.has_perm
    if may("insights.view_collection"):
        for collection in activity.collections.all():
            yield _("Comments: %(title)s") % {"title": collection}, _page("collection_detail", collection)
    if may("insights.add_collection"):
        yield _("Add a collection of comments"), f"{_page('collection_add')}?activity={activity.pk}"
    if may("insights.view_contributor"):
        yield _("Who is to be told, and slips with codes"), _page("contributor_list", activity)
    if not may("insights.view_response"):
        return
    for answer in activity.responses.all():
        words = Truncator(answer.you_said).words(12)
        yield _("Answer: %(words)s") % {"words": words}, _page("answer_detail", answer)
    if may("insights.add_response") and activity.may_be_changed_by(user):
        yield _("Write an answer"), _page("answer_add", activity)
    yield _("More like this"), reverse("search:more_like", args=["activity", activity.pk])
    yield _("From what people said to what came of it"), _page("thread_of_activity", activity)


def _page(name: str, row=None) -> str:
    return reverse(f"insight_work:{name}", args=[row.pk] if row else [])
