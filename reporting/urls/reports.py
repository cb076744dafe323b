"""URLs of the reports pages."""

from django.urls import path

from reporting.views import builds, public

app_name = "reporting"
urlpatterns = [
    path("", builds.report_list, name="report_list"),
    path("new/", builds.report_request, name="report_request"),
    path("<int:pk>/", builds.report_detail, name="report_detail"),
    path("builds/<int:pk>/", builds.build_detail, name="build_detail"),
    path("builds/<int:pk>/final/", builds.build_finalise, name="build_finalise"),
    path("builds/<int:pk>/publish/", builds.build_publish, name="build_publish"),
    path("builds/<int:pk>/withdraw/", builds.build_withdraw, name="build_withdraw"),
    path("builds/<int:pk>/report.pdf", builds.build_pdf, name="build_pdf"),
    path("builds/<int:pk>/large-print.pdf", builds.build_large_print, name="build_large_print"),
    path("alternatives/<int:pk>/", builds.alternative_file, name="alternative_file"),
    path("builds/<int:pk>/report.html", builds.build_html, name="build_html"),
    path("published/", public.public_reports, name="public_reports"),
    path("published/<int:pk>/report.html", public.public_html, name="public_html"),
    path("published/<int:pk>/report.pdf", public.public_pdf, name="public_pdf"),
    path("published/<int:pk>/large-print.pdf", public.public_large_print, name="public_large_print"),
    path("published/formats/<int:pk>/", public.public_alternative, name="public_alternative"),
]
