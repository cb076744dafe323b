"""Root URLs, by audience: `/` public, `/members/`, `/work/` and `/register/` for staff, `/reports/`, `/admin/`."""

from django.contrib import admin
from django.urls import include, path

from config import views

urlpatterns = [
    path("", views.home, name="home"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("healthz", views.healthz, name="healthz"),
    path("", include("forums.urls.public")),
    path("", include("people.urls.public")),
    path("members/heard/", include("insights.urls.members")),
    path("members/assurance/", include("engagement.urls.members")),
    path("members/", include("forums.urls.members")),
    path("work/", include("forums.urls.staff")),
    path("register/", include("people.urls.staff")),
    path("you-said-we-did/", include("insights.urls.public")),
    path("insight/", include("insights.urls.staff")),
    path("search/", include("insights.urls.search")),
    path("library/", include("insights.urls.library_public")),
    path("partners/", include("insights.urls.partners")),
    path("receipt/", include("insights.urls.receipts")),
    path("record/", include("engagement.urls.staff")),
    path("taking-part/", include("engagement.urls.public_pages")),
    path("have-your-say/", include("engagement.urls.public")),
    path("open-data/", include("reporting.urls.open_data")),
    path("our-plans/", include("reporting.urls.our_plans")),
    path("reports/plans/", include("reporting.urls.plans")),
    path("reports/figures/", include("reporting.urls.kpis")),
    path("reports/assessments/", include("reporting.urls.assessments")),
    path("reports/", include("reporting.urls.reports")),
    path("accounts/email/", views.closed),  # nobody changes the address they sign in with by themselves
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "config.views.bad_request"
handler403 = "config.views.forbidden"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
