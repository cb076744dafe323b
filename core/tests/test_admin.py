"""What every page of the admin keeps to: own scope, declared filters, an audit row for each change."""

import pytest
from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.urls import reverse

from core.admin import StaffModelAdmin, StaffTabularInline, without_names
from core.models import AuditEvent
from engagement.models import Activity, Method
from engagement.tests import factories as engagement
from forums.models import Forum
from forums.tests import factories as forums
from insights.models import Response
from insights.tests import factories as insights
from people.tests import factories as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_places():
    """An officer for West Essex, an activity there and one elsewhere."""
    mine, other = people.area("West Essex"), people.area("Elsewhere")
    here, there = engagement.activity("HERE-1", areas=[mine]), engagement.activity("THERE-1", areas=[other])
    return people.user("officer", area=mine), here, there


def test_a_list_shows_what_is_in_the_users_scope(client, two_places):
    officer, here, _there = two_places
    client.force_login(officer)

    assert list(client.get(reverse("admin:engagement_activity_changelist")).context["cl"].result_list) == [here]


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_record_out_of_scope_is_not_found(client, two_places, page):
    officer, here, there = two_places
    client.force_login(officer)

    assert client.get(reverse(f"admin:engagement_activity_{page}", args=[here.pk])).status_code == 200
    assert client.get(reverse(f"admin:engagement_activity_{page}", args=[there.pk])).status_code == 404


def test_a_record_out_of_scope_can_be_chosen_nowhere(rf, two_places):
    officer, here, _there = two_places
    request = rf.get("/")
    request.user = officer
    field = Response._meta.get_field("activity")

    for options in (StaffModelAdmin(Response, admin.site), Responses(Activity, admin.site)):
        assert list(options.get_field_queryset(None, field, request)) == [here]
    topics = StaffModelAdmin(Response, admin.site).get_field_queryset(None, Response._meta.get_field("topic"), request)
    assert topics is None or list(topics) == []


class Responses(StaffTabularInline):
    model = Response


class ByLetter(SimpleListFilter):
    title = parameter_name = "letter"


class Declared(StaffModelAdmin):
    list_filter = ["level", ("areas", admin.RelatedOnlyFieldListFilter), ByLetter]
    date_hierarchy = "starts_on"


@pytest.mark.parametrize(
    ("lookup", "is_allowed"),
    [
        ("level", True),
        ("level__exact", True),
        ("areas__id__exact", True),
        ("letter", True),
        ("starts_on__year", True),
        ("starts_on__gte", True),
        ("title", False),
        ("title__startswith", False),
        ("level__startswith", False),
        ("areas__name", False),
        ("areas__roles__user__password__startswith", False),
        ("owner__password__startswith", False),
        ("levels", False),
    ],
)
def test_only_declared_filters_narrow_a_list(rf, lookup, is_allowed):
    options = Declared(Activity, admin.site)

    assert options.lookup_allowed(lookup, "x", rf.get("/")) is is_allowed
    assert options.lookup_allowed(lookup, "x") is is_allowed


def test_a_filter_that_nobody_declared_is_refused(client):
    client.force_login(people.superuser())
    engagement.activity("HERE-1")

    response = client.get(reverse("admin:engagement_activity_changelist"), {"owner__password__startswith": "a"})

    assert response.status_code in {302, 400}


def test_adding_changing_and_deleting_are_audited(client):
    client.force_login(user := people.superuser())
    fields = {"name": "survey", "family": ""}

    client.post(reverse("admin:engagement_method_add"), fields)
    method = Method.objects.get()
    change = reverse("admin:engagement_method_change", args=[method.pk])
    client.post(change, fields | {"name": "interview"})
    client.post(change, fields | {"name": "interview"})
    client.post(reverse("admin:engagement_method_delete", args=[method.pk]), {"post": "yes"})

    events = AuditEvent.objects.order_by("pk").values_list("verb", "subject", "actor_id")
    assert list(events) == [
        ("added", "survey", user.pk),
        ("changed", "interview", user.pk),
        ("deleted", "interview", user.pk),
    ]
    assert AuditEvent.objects.get(verb="changed").detail == {"changes": [{"changed": {"fields": ["Name"]}}]}


def test_deleting_many_at_once_is_audited_one_by_one(client):
    client.force_login(people.superuser())
    methods = [engagement.method("survey"), engagement.method("interview")]
    answers = {"action": "delete_selected", "_selected_action": [each.pk for each in methods], "post": "yes"}

    client.post(reverse("admin:engagement_method_changelist"), answers)

    assert not Method.objects.exists()
    assert sorted(AuditEvent.objects.values_list("verb", "subject")) == [
        ("deleted", "interview"),
        ("deleted", "survey"),
    ]


def test_the_audit_trail_says_which_fields_changed_and_no_names():
    message = [{"added": {"name": "seat", "object": "Ms Example"}}, {"changed": {"fields": ["Title"]}}]

    assert without_names(message) == [{"added": {"name": "seat"}}, {"changed": {"fields": ["Title"]}}]
    assert without_names("Changed Title.") == []


def test_the_audit_trail_is_read_by_administrators_and_changed_by_nobody(client):
    event = AuditEvent.objects.create(
        actor="User 1", verb="added", subject_type="forums.forum", subject_id="1", subject="A"
    )
    pages = [reverse("admin:core_auditevent_changelist"), reverse("admin:core_auditevent_change", args=[event.pk])]

    client.force_login(people.user("administrator"))
    assert [client.get(page).status_code for page in pages] == [200, 200]
    assert client.get(reverse("admin:core_auditevent_add")).status_code == 403
    assert client.post(pages[1], {"verb": "nothing"}).status_code == 403
    assert client.post(reverse("admin:core_auditevent_delete", args=[event.pk]), {"post": "yes"}).status_code == 403
    assert AuditEvent.objects.get().verb == "added"
    client.force_login(people.user("officer"))
    assert [client.get(page).status_code for page in pages] == [403, 403]


def test_models_without_a_scope_are_shown_whole(client):
    client.force_login(people.user("officer", area=people.area()))
    forums.forum("A")
    insights.response()

    assert client.get(reverse("admin:forums_forum_changelist")).context["cl"].result_count == Forum.objects.count()
