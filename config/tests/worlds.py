"""Objects to ask for: what a user of each role finds, of their own and of others, and words that only some may read."""

import hashlib

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.db.models import FileField
from django.urls import reverse
from django.utils import timezone
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from config.tests.addresses import routes
from config.tests.world import STAFF, STRANGER, TEAM, World
from config.tests.worlds_assurance import assurance_life
from config.tests.worlds_insights import insights_life
from config.tests.worlds_members import members_life
from config.tests.worlds_projects import projects_life
from config.tests.worlds_public import public_builds, public_life
from core.models import AuditEvent, ImportRun
from engagement.models import PrincipleMapping
from engagement.tests import factories as engagement
from forums.tests import factories as forums
from insights.tests import factories as insights
from people.models import Level, LevelBand, User
from people.tests import factories as people
from reporting.models import Build, Report, ReportItem, Snapshot, StandingText


def world(role: str) -> World:
    """What a user of the role finds: things of their own and of others. An officer works for West Essex alone."""
    people.body()
    west, east = people.area("West Essex"), people.area("East Herts")
    user = None
    if role != STRANGER:
        user = people.user(role, west if role == "officer" else None, email="me@example.org", name="Me Myself")
    here = World(role, user)
    other = people.user(
        "lead",
        name=here.secret("NameOfColleague", "secretary", *STAFF),
        email=f"{here.secret('email', 'administrator')}@example.org",
    )
    here.secrets[other.password.rpartition("$")[2]] = set()
    rows = _record(here, west, east, other)
    rows |= members_life(here, west, east, other)
    rows |= projects_life(here, west, east, other)
    rows |= insights_life(here, west, east, other)
    public_life(here, west, east, other)
    rows |= _reports(here, west, other)
    rows |= _imports(here, other)
    _admin_pages(here, rows)
    _account_pages(here, other)
    for name in ("home", "accessibility", "healthz", "insights:response_list", "engagement:conversation_add"):
        here.add(name)
    here.pages["accounts/email/"] = "/accounts/email/"
    return here


def _record(here: World, west, east, other: User) -> dict:
    """The record of engagement: an activity of West Essex, one of East Herts, answers published and not."""
    group, topic, method = people.population_group("carers"), engagement.topic(), engagement.method()
    forum = forums.forum("Youth Council", area=west)
    told = here.secret("ToldInTheWest", *STAFF)
    near = engagement.activity(
        "A-1", areas=[west], forums=[forum], topics=[topic], groups=[group], what_people_told_us=told, owner=other
    )
    elsewhere = here.secret("TitleInTheEast", *STAFF - {"officer"})
    far = engagement.activity(
        "A-2",
        areas=[east],
        title=elsewhere,
        organisation=people.organisation("Trust of the East"),
        what_people_told_us=here.secret("ToldInTheEast", *STAFF - {"officer"}),
    )
    public = insights.published_response("public-1", activity=near, published_by=other)
    draft = insights.response("draft-1", activity=near, you_said=here.secret("NotPublished", *STAFF))
    unseen = insights.response(
        here.secret("reference-in-the-east", *STAFF - {"officer"}),
        activity=far,
        you_said=here.secret("NotPublishedEast", *STAFF - {"officer"}),
    )
    new = engagement.principle_set("2026")
    mapping = PrincipleMapping.objects.create(
        from_principle=engagement.principle(1), to_principle=engagement.principle(1, of=new), relation="changed"
    )
    AuditEvent.objects.create(verb="changed", subject=here.secret("Audited", "administrator"))
    here.add("insights:response_detail", public.reference, case="published")
    here.add("insights:response_detail", draft.reference, case="not published")
    here.add("insights:response_detail", "nothing-of-the-kind", case="none")
    root = people.superuser(name="Root", email="root@example.org")
    single = [group, topic, method, forum, forum.kind, engagement.ladder(), engagement.cycle(), engagement.duty()]
    single += [engagement.period(), engagement.principle_set(), mapping, AuditEvent.objects.first()]
    single += [LevelBand.objects.create(level=Level.PLACE, name="place"), far.organisation, west]
    return {type(row): {"": row} for row in single} | {
        type(near): {"own area": near, "another area": far},
        type(draft): {"published": public, "draft": draft, "draft, another area": unseen},
        User: {"somebody": other, "a superuser": root},
        Group: {"": Group.objects.create(name="A group")},
        EmailAddress: {"": EmailAddress.objects.create(user=other, email=other.email, primary=True, verified=True)},
        Authenticator: {"": _security_key(other, here.secret("SecurityKey"))},
    }


def _security_key(user: User, name: str) -> Authenticator:
    """A key as the browser of its owner registered it."""
    public_key = ES256({1: 2, 3: -7, -1: 1, -2: b"x" * 32, -3: b"y" * 32})
    credential = AttestedCredentialData.create(Aaguid(bytes(16)), name.encode(), public_key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    attested = AttestationObject.create("none", AuthenticatorData.create(bytes(32), flags, 0, credential), {})
    response = {
        "clientDataJSON": websafe_encode(CollectedClientData.create("webauthn.create", b"", settings.SITE_URL)),
        "attestationObject": websafe_encode(bytes(attested)),
    }
    identity = {"id": websafe_encode(name.encode()), "rawId": websafe_encode(name.encode()), "type": "public-key"}
    data = {"name": name, "credential": identity | {"response": response, "clientExtensionResults": {}}}
    return Authenticator.objects.create(user=user, type="webauthn", data=data)


def _reports(here: World, west, other: User) -> dict:
    report = Report.objects.create(period=engagement.period())
    builds = {}
    for version, (case, status, readers) in enumerate(
        [
            ("superseded", "superseded", ("secretary", *STAFF)),
            ("final", "final", ("secretary", *STAFF)),
            ("draft", "draft", TEAM),
        ],
        start=1,
    ):
        builds[case] = _build(report, version, status, other, here.secret(f"Inside{case.capitalize()}", *readers))
    waiting = Report.objects.create(period=engagement.period("2022-23"))
    builds["not ready"] = Build.objects.create(report=waiting, version=1, requested_by=other)
    for name in ("report_list", "report_request"):
        here.add(f"reporting:{name}")
    here.add("reporting:report_detail", report.pk)
    for case, one in {"of a final report": report, "of a draft alone": waiting}.items():
        words = here.secret(f"Alternative {case}", *(STAFF | {"secretary"} if one == report else TEAM))
        file = ContentFile(words.encode(), name="alternative.pdf")
        here.add("reporting:alternative_file", one.alternatives.create(kind="easy_read", file=file).pk, case=case)
    for name in ("build_detail", "build_finalise", "build_pdf", "build_large_print", "build_html"):
        for case, build in builds.items():
            here.add(f"reporting:{name}", build.pk, case=case)
        here.add(f"reporting:{name}", 999, case="none")
    public_builds(here, builds, report.alternatives.get().pk)
    text = StandingText.objects.create(kind="annual", slot="duty", text=here.secret("StandingText", *STAFF))
    near = engagement.Activity.objects.get(reference="A-1")
    ReportItem.objects.create(report=report, activity=near, text=here.secret("TextOfReport", *STAFF))
    rows = assurance_life(here, report, builds, other)
    return rows | {Report: {"": report}, StandingText: {"": text}}


def _build(report: Report, version: int, status: str, by: User, words: str) -> Build:
    data = f'{{"version":{version}}}'
    snapshot = Snapshot.objects.create(report=report, data=data, sha256=hashlib.sha256(data.encode()).hexdigest())
    content = f"<style></style>{words}".encode()
    fingerprint = hashlib.sha256(content).hexdigest()
    build = Build(
        report=report,
        version=version,
        status=status,
        state="done",
        becomes_final=status != "draft",
        snapshot=snapshot,
        requested_by=by,
        finished_at=timezone.now(),
        pages=1,
        pdf_sha256=fingerprint,
    )
    for column in Build._meta.get_fields():
        if isinstance(column, FileField):
            name = f"{column.name}-{version}/{fingerprint}.{'html' if column.name == 'html' else 'pdf'}"
            if not column.storage.exists(name):  # the world of another role has the same
                column.storage.save(name, ContentFile(content))
            setattr(build, column.name, name)
    build.save()
    for kind in ("csv", "easy_read"):
        build.files.create(kind=kind, file=build.html.name, sha256=fingerprint)
    return build


def _imports(here: World, other: User) -> dict:
    fates = [{"row": 2, "key": here.secret("InOtherImport", "administrator"), "fate": "unchanged"}]
    runs = {
        "own": _import_run(here.user or other, [{"row": 2, "key": "A-1", "fate": "unchanged"}], "mine.csv"),
        "another's": _import_run(other, fates, here.secret("FileOfOther.csv", "administrator")),
    }
    here.add("admin:import")
    for case, run in runs.items():
        here.add("admin:import_run", run.pk, case=case)
        here.add("admin:import_confirm", run.pk, case=case)
    return {ImportRun: runs}


def _import_run(by: User, fates: list[dict], file_name: str) -> ImportRun:
    counts = {"rows": 1, "created": 0, "changed": 0, "unchanged": 1, "wrong": 0, "error_count": 0}
    lists = {"errors": [], "ignored_columns": [], "new_names": {}, "fates": fates}
    result = counts | lists | {"kind": "activities", "file": file_name, "sheet": "", "accepted": True}
    return ImportRun.objects.create(
        kind="activities",
        file_name=file_name,
        content=b"reference,title\nA-1,Activity\n",
        state="done",
        finished_at=timezone.now(),
        result=result,
        requested_by=by,
    )


def _admin_pages(here: World, rows: dict) -> None:
    for name in ("index", "login", "logout", "password_change", "password_change_done", "jsi18n"):
        here.add(f"admin:{name}")
    here.pages["admin/(?P<url>.*)$"] = "/admin/nothing-of-the-kind/"
    for label in dict.fromkeys(model._meta.app_label for model in admin.site._registry):
        here.add("admin:app_list", label, case=label)
    for label in sorted(_autocompleted()):
        app, model, column = label.split(".")
        here.add("admin:autocomplete", case=label, query=f"?app_label={app}&model_name={model}&field_name={column}")
    for model, model_admin in admin.site._registry.items():
        assert model in rows, f"the admin has {model._meta.label}: make a row of it for the matrix"
        stem = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        here.add(f"{stem}_changelist")
        here.add(f"{stem}_add")
        for case, row in rows[model].items():
            for page in ("change", "delete", "history"):
                here.add(f"{stem}_{page}", row.pk, case=case)
            route = f"admin/{model._meta.app_label}/{model._meta.model_name}/<path:object_id>/"
            here.pages[f"{route} [{case}]" if case else route] = f"{reverse(f'{stem}_changelist')}{row.pk}/"
            if hasattr(model, "get_absolute_url") and model_admin.view_on_site is not False:
                kind = ContentType.objects.get_for_model(model)
                label = ", ".join(filter(None, [model._meta.label_lower, case]))
                here.add("admin:view_on_site", kind.pk, row.pk, case=label)
    for case, row in rows[User].items():
        here.add("admin:auth_user_password_change", row.pk, case=case)


def _autocompleted() -> set[str]:
    """Every field that the admin searches by name: app, model and field."""
    found = set()
    for model_admin in admin.site._registry.values():
        for part in (model_admin, *model_admin.inlines):
            found |= {f"{part.model._meta.label_lower}.{name}" for name in part.autocomplete_fields}
    return found


def _account_pages(here: World, other: User) -> None:
    for name, route in routes().items():
        if name.startswith(("account_", "mfa_")) and not set(route) & set("<("):
            here.add(name)
    here.add("account_confirm_email", "some-key")
    here.add("account_reset_password_from_key", "1", "some-key")
    keys = {"another's": Authenticator.objects.get(user=other)}
    if here.user:
        EmailAddress.objects.create(user=here.user, email=here.user.email, primary=True, verified=True)
        keys["own"] = _security_key(here.user, "mine")
    for case in ("own", "another's"):
        for name in ("mfa_edit_webauthn", "mfa_remove_webauthn"):
            here.add(name, keys.get(case, keys["another's"]).pk, case=case)
