"""URLs of `engagement.views.evidence`, by audience."""

from django.urls import path

from engagement.views import evidence

STAFF = [
    path("evidence/", evidence.evidence_list, name="evidence_list"),
    path("evidence/<int:pk>/", evidence.evidence_detail, name="evidence_detail"),
    path("evidence/<int:pk>/change/", evidence.evidence_change, name="evidence_change"),
    path("evidence/<int:pk>/review/", evidence.evidence_review, name="evidence_review"),
    path("evidence/<int:pk>/proofs/", evidence.proof_add, name="proof_add"),
    path("evidence/claim/<slug:kind>/<int:pk>/", evidence.evidence_claim, name="evidence_claim"),
    path("proofs/<int:pk>/", evidence.proof_file, name="proof_file"),
    path("proofs/<int:pk>/withdraw/", evidence.proof_withdraw, name="proof_withdraw"),
]
