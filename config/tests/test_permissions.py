"""The permission matrix: every URL, for every role, by GET and by POST, really asked for (permissions.toml)."""

import inspect

import pytest
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.db import transaction
from django.urls import get_resolver, reverse

from config.tests import addresses, matrix, world, worlds
from core import admin as core_admin
from core.admin_site import StaffAdminSite
from engagement.models import Project
from engagement.models.activity import ActivityQuerySet
from engagement.models.assurance import AssuranceQuerySet
from engagement.models.evidence import EvidenceQuerySet
from engagement.models.projects import ProjectQuerySet
from engagement.models.surveys import SurveyQuerySet
from forums.models import Membership
from forums.models.meetings import MeetingQuerySet
from forums.models.support import ExpenseClaimQuerySet
from forums.views import portal
from insights.models.comments import CollectionQuerySet
from insights.models.findings import FindingQuerySet
from insights.models.library import SourceQuerySet
from insights.models.responses import ResponseQuerySet
from people.admin import UserAdmin
from people.models.register import PersonQuerySet
from people.services import needs
from reporting.documents.register import TABLES
from reporting.models.plans import PlanQuerySet
from reporting.models.reports import BuildFileQuerySet, BuildQuerySet

# Every page is asked for twice by each role: counting its lines takes as long as asking, and other tests count them.
pytestmark = [pytest.mark.django_db, pytest.mark.no_cover]

# What somebody who has not signed in may open. A longer list is a decision: it needs a reason in the same commit.
OPEN_TO_STRANGERS = {
    "home",
    "accessibility",
    "healthz",
    "insights:response_list",
    "insights:response_detail [published]",
    "account_login",
    "account_logout",
    "account_signup",
    "account_inactive",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "forums:forum_list",
    "forums:forum_map",
    "forums:forum_detail",
    "forums:question_list",
    "forums:terms_file [agreed]",
    "forums:meeting_list",
    "forums:meeting_detail [public]",
    "forums:meeting_calendar [public]",
    "forums:meeting_minutes [public]",
    "forums:meeting_join [public]",
    "forums:meeting_joined [public]",
    "forums:paper_file [published]",
    "forums:opportunity_list",
    "forums:opportunity_detail [published]",
    "forums:opportunity_apply [published]",
    "forums:opportunity_applied [published]",
    "forums:opportunity_applied_young [published]",
    "people:concern_add",
    "people:concern_sent",
    "surveys:survey_list",
    "surveys:survey_resume",
    "surveys:receipt",
    "surveys:glossary",
    *(f"taking_part:{page}" for page in ("home", "activity_list", "consultation_list", "place")),
    *(f"taking_part:{page}" for page in ("how_views_are_used", "still_to_hear_from", "activity_detail [published]")),
    "insights:response_feed",
    *(f"library:{page}" for page in ("source_list", "finding_list", "finding_detail [published]")),
    *(f"library:{page} [published]" for page in ("source_detail", "source_file", "remark")),
    "receipts:receipt",
    "receipts:verdict",
    *(f"people:format_{page}" for page in ("ask", "asked")),
    *(f"people:newsletter_{page}" for page in ("join", "joined", "mailed", "stop", "stopped")),
    *(f"open_data:{page}" for page in ("index", "dictionary_csv", "openapi")),
    *(f"open_data:{table.name}_{ending}" for table in TABLES for ending in ("json", "csv")),
    "reporting:public_reports",
    "our_plans:plan_list",
    "our_plans:plan_detail [published]",
    *(f"surveys:survey_{page} [{case}, published]" for page in ("detail", "answer") for case in ("near", "far")),
}


def test_the_matrix_names_every_url_and_no_other():
    there = set(addresses.routes())
    named = {matrix.name_of(page) for page in matrix.expected()}
    assert {"missing": sorted(there - named), "gone": sorted(named - there)} == {"missing": [], "gone": []}


def test_the_matrix_has_a_column_for_every_role():
    assert set(world.ROLES) == world.roles_that_exist()


def test_the_matrix_says_something_about_every_cell():
    cells = [letter for row in matrix.expected().values() for by_role in row.values() for letter in by_role.values()]
    assert set(cells) == set(matrix.OUTCOMES)
    assert len(cells) == len(matrix.expected()) * len(matrix.METHODS) * len(world.ROLES)


def test_strangers_may_open_these_pages_and_no_other():
    rows = matrix.expected().items()
    assert {page for page, row in rows if "a" in {row[method]["stranger"] for method in matrix.METHODS}} == (
        OPEN_TO_STRANGERS
    )


@pytest.mark.parametrize("role", world.ROLES)
def test_every_page_answers_each_role_as_the_matrix_says_and_tells_no_secret(role):
    here = worlds.world(role)
    pages = matrix.expected()
    assert sorted(here.pages) == sorted(pages)
    assert matrix.Visitor(here).differences(pages) == []


def test_every_secret_is_really_shown_to_somebody_or_meant_for_nobody():
    """A word that no page shows would prove nothing. The world is the same for each role, so are its words."""
    unseen, meant_for_nobody = None, set()
    for role in ("administrator", "lead", "safeguarding", "member"):
        with transaction.atomic():
            here = worlds.world(role)
            visitor = matrix.Visitor(here)
            bodies = [visitor.ask(page, "GET")[1] for page in here.pages]
            here_unseen = {token for token in here.secrets if not any(token in body for body in bodies)}
            unseen = here_unseen if unseen is None else unseen & here_unseen
            meant_for_nobody = {token for token, readers in here.secrets.items() if not readers}
            transaction.set_rollback(True)
    assert unseen == meant_for_nobody


def test_without_a_second_factor_staff_get_no_further_than_their_sign_in_settings(settings):
    settings.REQUIRE_SECOND_FACTOR = True
    here = worlds.world("administrator")
    visitor = matrix.Visitor(here, fully=False)
    record = {
        page
        for page in here.pages
        if page.startswith(("admin:", "admin/", "engagement:", "insight_work:", "reporting:", "work:", "register:"))
        and not page.startswith("reporting:public_")
    }
    ways_out = {reverse("mfa_index"), reverse("mfa_reauthenticate"), reverse("admin:index")}
    elsewhere = {page: visitor.send(page, "GET") for page in record - {"admin:logout"}}
    elsewhere = {page: response for page, response in elsewhere.items() if response.status_code != 404}
    assert {page for page, response in elsewhere.items() if response.get("Location") not in ways_out} == set()


# The guards are alive: with one of them off, the matrix turns red ---------------------------------------------


def let_in(*args, **kwargs):
    return True


def unguard_reports(monkeypatch):
    """Take `permission_required` off the reports pages."""
    [included] = [each for each in get_resolver().url_patterns if getattr(each, "app_name", "") == "reporting"]
    for pattern in included.url_patterns:
        monkeypatch.setattr(pattern, "callback", inspect.unwrap(pattern.callback))


GUARDS = {
    "signing in": (
        lambda patch: patch.setattr(LoginRequiredMiddleware, "process_view", lambda *args: None),
        "stranger",
        "reporting:report_list",
    ),
    "the door of the admin": (
        lambda patch: patch.setattr(StaffAdminSite, "has_permission", let_in),
        "member",
        "admin:index",
    ),
    "permissions of the reports pages": (unguard_reports, "member", "reporting:build_pdf [final]"),
    "the scope of the admin": (
        lambda patch: patch.setattr(core_admin, "scoped", lambda queryset, user: queryset),
        "officer",
        "admin:engagement_activity_changelist",
    ),
    "the scope of choices": (
        lambda patch: patch.setattr(core_admin, "scoped", lambda queryset, user: queryset),
        "officer",
        "admin:autocomplete [insights.response.activity]",
    ),
    "the scope of answers": (
        lambda patch: patch.setattr(ResponseQuerySet, "for_user", lambda self, user: self),
        "officer",
        "admin:insights_response_change [draft, another area]",
    ),
    "published answers alone": (
        lambda patch: patch.setattr(ResponseQuerySet, "public", lambda self: self),
        "stranger",
        "insights:response_list",
    ),
    "one published answer": (
        lambda patch: patch.setattr(ResponseQuerySet, "public", lambda self: self),
        "stranger",
        "insights:response_detail [not published]",
    ),
    "drafts of reports": (
        lambda patch: patch.setattr(BuildQuerySet, "for_user", lambda self, user: self),
        "secretary",
        "reporting:build_html [draft]",
    ),
    "other formats of drafts": (
        lambda patch: patch.setattr(BuildFileQuerySet, "for_user", lambda self, user: self),
        "secretary",
        "reporting:build_file [draft, csv]",
    ),
    "plans that are not published": (
        lambda patch: patch.setattr(PlanQuerySet, "public", lambda self: self),
        "stranger",
        "our_plans:plan_detail [draft]",
    ),
    "imports of others": (
        lambda patch: patch.delattr(core_admin.ImportRunAdmin, "get_queryset"),
        "lead",
        "admin:import_run [another's]",
    ),
    "the scope of the register": (
        lambda patch: patch.setattr(PersonQuerySet, "for_user", lambda self, user: self),
        "officer",
        "register:person_detail [far]",
    ),
    "the scope of meetings": (
        lambda patch: patch.setattr(MeetingQuerySet, "for_user", lambda self, user: self),
        "officer",
        "work:meeting_sheet [far]",
    ),
    "the scope of claims": (
        lambda patch: patch.setattr(ExpenseClaimQuerySet, "for_user", lambda self, user: self),
        "officer",
        "work:receipt [far]",
    ),
    "my own seat alone": (
        lambda patch: patch.setattr(portal, "_membership", lambda request, **which: Membership.objects.get(**which)),
        "member",
        "members:leave [fellow]",
    ),
    "my own meetings": (
        lambda patch: patch.setattr(MeetingQuerySet, "for_person", lambda self, person: self),
        "member",
        "members:meeting [far]",
    ),
    "reads of needs are audited": (
        lambda patch: patch.setattr(needs.audit, "record_each", lambda *args, **kwargs: [None]),
        "lead",
        "register:person_needs [near]",
    ),
    "the scope of projects": (
        lambda patch: patch.setattr(ProjectQuerySet, "for_user", lambda self, user: self),
        "officer",
        "engagement:project_detail [far]",
    ),
    "projects of others": (
        lambda patch: patch.setattr(Project, "may_be_changed_by", let_in),
        "project_lead",
        "engagement:project_edit [far]",
    ),
    "the scope of surveys": (
        lambda patch: patch.setattr(SurveyQuerySet, "for_user", lambda self, user: self),
        "officer",
        "engagement:response_detail [far]",
    ),
    "surveys that are published": (
        lambda patch: patch.setattr(SurveyQuerySet, "public", lambda self: self),
        "stranger",
        "surveys:survey_detail [near, not published]",
    ),
    "the scope of proofs": (
        lambda patch: patch.setattr(EvidenceQuerySet, "for_user", lambda self, user: self),
        "officer",
        "engagement:proof_file [far]",
    ),
    "what my own forum is asked": (
        lambda patch: patch.setattr(AssuranceQuerySet, "for_member", lambda self, person: self),
        "member",
        "assurance:answer [far]",
    ),
    "published items of the library": (
        lambda patch: patch.setattr(SourceQuerySet, "public", lambda self: self),
        "stranger",
        "library:source_detail [near, not published]",
    ),
    "what partners may read": (
        lambda patch: patch.setattr(SourceQuerySet, "for_partners", lambda self: self),
        "partner",
        "partners:source_detail [near, not shared]",
    ),
    "the scope of comments": (
        lambda patch: patch.setattr(CollectionQuerySet, "for_user", lambda self, user: self),
        "officer",
        "insight_work:collection_detail [far]",
    ),
    "the scope of findings": (
        lambda patch: patch.setattr(FindingQuerySet, "for_user", lambda self, user: self),
        "officer",
        "insight_work:finding_detail [far]",
    ),
    "published findings": (
        lambda patch: patch.setattr(FindingQuerySet, "public", lambda self: self),
        "stranger",
        "library:finding_detail [near, not published]",
    ),
    "published activities": (
        lambda patch: patch.setattr(ActivityQuerySet, "public", lambda self: self),
        "stranger",
        "taking_part:activity_detail [not published]",
    ),
    "superusers": (
        lambda patch: patch.setattr(UserAdmin, "may_touch", let_in),
        "administrator",
        "admin:auth_user_password_change [a superuser]",
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_the_matrix_turns_red_when_a_guard_is_off(monkeypatch, guard):
    switch_off, role, page = GUARDS[guard]
    here = worlds.world(role)
    subset = {page: matrix.expected()[page]}
    assert matrix.Visitor(here).differences(subset) == []
    switch_off(monkeypatch)
    assert matrix.Visitor(here).differences(subset) != []
