"""What everybody may read or ask for, in the world of the matrix: public pages, open data, requests, visits."""

import uuid

from config.tests.world import STAFF, World
from engagement.models import Activity
from engagement.services import publication
from engagement.tests import factories as engagement
from engagement.tests.about_public_pages import SAID
from forums.models import QualityVisit
from people.models import Area, FormatRequest, Person, User
from people.tests import factories as people
from reporting.documents.register import TABLES
from reporting.models import Build

DAY = "2026-03-02"
OF_VISIT = ("visit_detail", "visit_edit", "visitor_add")


def public_life(here: World, west: Area, east: Area, other: User) -> None:
    _activities(here, other)
    _requests(here, west, east)
    _visits(here, west, east)
    _open_data(here)


def _activities(here: World, other: User) -> None:
    """A published activity whose consultation has not begun, and activities that are not published."""
    near, far = Activity.objects.get(reference="A-1"), Activity.objects.get(reference="A-2")
    owner = here.secret("OwnerOfPublic", "secretary", *STAFF)
    row = engagement.activity("A-3", areas=near.areas.all(), owner=people.user("officer", name=owner), **SAID)
    shown = publication.publish_page(row, by=other)
    Activity.objects.filter(pk=far.pk).update(slug="not-published")
    for name in ("home", "activity_list", "consultation_list", "how_views_are_used", "still_to_hear_from"):
        here.add(f"taking_part:{name}")
    here.add("taking_part:activity_detail", shown.slug, case="published")
    here.add("taking_part:activity_detail", "not-published", case="not published")
    here.add("taking_part:consultation_detail", shown.slug, case="none")
    here.add("taking_part:place", Area.objects.get(name="West Essex").slug)
    for case, activity in (("near", near), ("far", far)):
        here.add("engagement:activity_publish", activity.pk, case=case)
        here.add("engagement:activity_withdraw", activity.pk, case=case)


def _requests(here: World, west: Area, east: Area) -> None:
    for name in ("format_ask", "format_asked", "newsletter_join", "newsletter_stop"):
        here.add(f"people:{name}")
    for name in ("newsletter_mailed", "newsletter_joined", "newsletter_stopped"):
        here.add(f"people:{name}")
    here.add("people:newsletter_link", "not-a-link", case="none")
    for name in ("format_list", "format_add"):
        here.add(f"register:{name}")
    for case, area, readers in (("near", west, {"officer", "lead"}), ("far", east, {"lead"})):
        asked = FormatRequest.objects.create(
            form_token=uuid.uuid4(),
            what=here.secret(f"AskedFor-{case}", *readers),
            format="braille",
            name="Ann Lee",
            channel="phone",
            contact="01632 960001",
            person=people.person(area=area),
            due_on=DAY,
        )
        here.add("register:format_detail", asked.pk, case=case)
        here.add("register:format_step", asked.pk, "sent", case=case)


def _visits(here: World, west: Area, east: Area) -> None:
    """A visit in each area, with a visitor; the member who looks is a visitor of the near one."""
    for name in ("visit_list", "visit_new"):
        here.add(f"work:{name}")
    for case, area in (("near", west), ("far", east)):
        readers = {"officer", "lead", "administrator"} if case == "near" else {"lead", "administrator"}
        provider = people.organisation(f"Trust {case}")
        visit = QualityVisit.objects.create(
            provider=provider,
            service=f"Ward {case}",
            visited_on=DAY,
            purpose=here.secret(f"VisitPurpose-{case}", *readers, *({"member"} if case == "near" else set())),
            area=area,
        )
        me = Person.objects.filter(user=here.user).first() if here.role == "member" and case == "near" else None
        visitor = visit.visitors.create(person=me or people.person(area=area), waived_because="Was here before.")
        for name in OF_VISIT:
            here.add(f"work:{name}", visit.pk, case=case)
        here.add("work:visit_step", visit.pk, "made", case=case)
        here.add("work:visitor_remove", visitor.pk, case=case)
        here.add("work:visitor_write", visitor.pk, case=case)
        here.add("members:visit", visit.pk, case=case)


def _open_data(here: World) -> None:
    for name in ("index", "dictionary_csv", "openapi"):
        here.add(f"open_data:{name}")
    for table in TABLES:
        here.add(f"open_data:{table.name}_json")
        here.add(f"open_data:{table.name}_csv")
    here.add("open_data:missing", "nothing-of-the-kind")
    here.add("reporting:public_reports")


def public_builds(here: World, builds: dict[str, Build], alternative: int) -> None:
    """The pages of reports that can be published, and are not."""
    here.add("reporting:public_alternative", alternative, case="not published")
    for case, build in builds.items():
        for name in ("build_publish", "build_withdraw"):
            here.add(f"reporting:{name}", build.pk, case=case)
        for name in ("public_html", "public_pdf", "public_large_print"):
            here.add(f"reporting:{name}", build.pk, case=f"{case}, not published")
