"""URLs of `insights.views.theme_figures`, `findings` and `uses`, by audience."""

from django.urls import path

from insights.views import findings, theme_figures, uses

STAFF = [
    path("collections/<int:pk>/themes/", theme_figures.theme_figures, name="theme_figures"),
    path("collections/<int:pk>/themes.csv", theme_figures.theme_figures_csv, name="theme_figures_csv"),
    path("themes/<int:pk>/", theme_figures.theme_page, name="theme_page"),
    path("findings/", findings.finding_list, name="finding_list"),
    path("findings/add/", findings.finding_add, name="finding_add"),
    path("findings/<int:pk>/", findings.finding_detail, name="finding_detail"),
    path("findings/<int:pk>/edit/", findings.finding_edit, name="finding_edit"),
    path("findings/<int:pk>/step/<slug:step>/", findings.finding_step, name="finding_step"),
    path("findings/<int:pk>/evidence/add/", findings.finding_evidence_add, name="finding_evidence_add"),
    path("finding-evidence/<int:pk>/remove/", findings.finding_evidence_remove, name="finding_evidence_remove"),
    path("uses/", uses.use_list, name="use_list"),
    path("uses/<slug:kind>/<int:pk>/add/", uses.use_add, name="use_add"),
]
PUBLIC = [
    path("findings/", findings.public_finding_list, name="finding_list"),
    path("findings/<slug:reference>/", findings.public_finding_detail, name="finding_detail"),
]
