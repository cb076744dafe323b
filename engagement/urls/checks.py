"""URLs of `engagement.views.checks` and `engagement.views.consultations`, by audience."""

from django.urls import path

from engagement.views import checks, consultations

STAFF = [
    path("projects/<int:pk>/checks/<slug:point>/", checks.check_list, name="check_list"),
    path("projects/<int:pk>/consultation/", consultations.consultation_detail, name="consultation_detail"),
    path("projects/<int:pk>/consultation/report/", consultations.consultation_report, name="consultation_report"),
    path("projects/<int:pk>/consultation/edit/", consultations.consultation_edit, name="consultation_edit"),
    path("projects/<int:pk>/consultation/step/<slug:step>/", consultations.consultation_step, name="consultation_step"),
    path("consultation-documents/<int:pk>/", consultations.document_ready, name="consultation_document_ready"),
    path("consultation-documents/<int:pk>/remove/", consultations.document_remove, name="consultation_document_remove"),
]
