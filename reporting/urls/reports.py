"""URLs of the reports pages."""

from django.urls import path

from reporting.views import approvals, builds, formats, public, sections

app_name = "reporting"
urlpatterns = [
    path("", builds.report_list, name="report_list"),
    path("new/", builds.report_request, name="report_request"),
    path("<int:pk>/", builds.report_detail, name="report_detail"),
    path("builds/<int:pk>/", builds.build_detail, name="build_detail"),
    path("builds/<int:pk>/approval/", approvals.build_send, name="build_send"),
    path("builds/<int:pk>/approval/withdraw/", approvals.build_recall, name="build_recall"),
    path("builds/<int:pk>/changes/", approvals.build_changes, name="build_changes"),
    path("builds/<int:pk>/downloads/", approvals.build_downloads, name="build_downloads"),
    path("builds/<int:pk>/comments/new/", sections.comment_add, name="comment_add"),
    path("approvals/<int:pk>/", approvals.approval_record, name="approval_record"),
    path("comments/<int:pk>/", sections.comment_settle, name="comment_settle"),
    path("statements/<int:pk>/", approvals.statement_edit, name="statement_edit"),
    path("<int:pk>/statements/new/", approvals.statement_add, name="statement_add"),
    path("<int:pk>/sections/", sections.section_list, name="section_list"),
    path("<int:pk>/sections/<slug:section>/", sections.section_edit, name="section_edit"),
    path("<int:pk>/sections/<slug:section>/clear/", sections.section_clear, name="section_clear"),
    path("builds/<int:pk>/final/", builds.build_finalise, name="build_finalise"),
    path("builds/<int:pk>/publish/", builds.build_publish, name="build_publish"),
    path("builds/<int:pk>/withdraw/", builds.build_withdraw, name="build_withdraw"),
    path("builds/<int:pk>/report.pdf", builds.build_pdf, name="build_pdf"),
    path("builds/<int:pk>/large-print.pdf", builds.build_large_print, name="build_large_print"),
    path("alternatives/<int:pk>/", builds.alternative_file, name="alternative_file"),
    path("builds/<int:pk>/report.html", builds.build_html, name="build_html"),
    path("builds/<int:pk>/files/<slug:kind>/", formats.build_file, name="build_file"),
    path("builds/<int:pk>/facts.json", formats.build_json, name="build_json"),
    path("formats/", formats.format_slots, name="format_slots"),
    path("published/", public.public_reports, name="public_reports"),
    path("published/<int:pk>/report.html", public.public_html, name="public_html"),
    path("published/<int:pk>/report.pdf", public.public_pdf, name="public_pdf"),
    path("published/<int:pk>/large-print.pdf", public.public_large_print, name="public_large_print"),
    path("published/<int:pk>/files/<slug:kind>/", public.public_file, name="public_file"),
    path("published/<int:pk>/facts.json", public.public_json, name="public_json"),
    path("published/formats/<int:pk>/", public.public_alternative, name="public_alternative"),
]
