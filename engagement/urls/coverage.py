"""URLs of `engagement.views.coverage`, by audience."""

from django.urls import path

from engagement.views import coverage

STAFF = [
    path("coverage/", coverage.coverage_page, name="coverage"),
    path("coverage/coverage.csv", coverage.coverage_csv, name="coverage_csv"),
]
