"""URLs of the reports pages."""

from django.urls import path

from reporting import views

app_name = "reporting"
urlpatterns = [
    path("", views.report_list, name="report_list"),
    path("new/", views.report_request, name="report_request"),
    path("<int:pk>/", views.report_detail, name="report_detail"),
    path("builds/<int:pk>/", views.build_detail, name="build_detail"),
    path("builds/<int:pk>/final/", views.build_finalise, name="build_finalise"),
    path("builds/<int:pk>/report.pdf", views.build_pdf, name="build_pdf"),
    path("builds/<int:pk>/large-print.pdf", views.build_large_print, name="build_large_print"),
    path("alternatives/<int:pk>/", views.alternative_file, name="alternative_file"),
    path("builds/<int:pk>/report.html", views.build_html, name="build_html"),
]
