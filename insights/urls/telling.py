"""URLs of `insights.views.telling`, `verdicts` and `receipts`, by audience."""

from django.urls import path

from insights.views import receipts, telling, verdicts

STAFF = [
    path("activities/<int:pk>/people/", telling.contributor_list, name="contributor_list"),
    path("activities/<int:pk>/people/add/", telling.contributor_add, name="contributor_add"),
    path("activities/<int:pk>/people/gather/", telling.contributor_gather, name="contributor_gather"),
    path("people/<int:pk>/news/", telling.contributor_news, name="contributor_news"),
    path("people/<int:pk>/remove/", telling.contributor_remove, name="contributor_remove"),
    path("activities/<int:pk>/slips/", telling.slips_add, name="slips_add"),
    path("slips/<int:pk>.pdf", telling.slips_pdf, name="slips_pdf"),
    path("answers/<int:pk>/told/", telling.told, name="told"),
    path("answers/<int:pk>/tell/", telling.tell, name="tell"),
    path("answers/<int:pk>/heard/", verdicts.verdict_enter, name="verdict_enter"),
    path("heard/", verdicts.verdict_list, name="verdict_list"),
    path("heard/<int:pk>/", verdicts.verdict_deal, name="verdict_deal"),
]
PUBLIC = [
    path("", receipts.receipt, name="receipt"),
    path("heard/", receipts.verdict, name="verdict"),
]
MEMBERS = [
    path("", verdicts.member_list, name="verdict_list"),
    path("<int:pk>/", verdicts.member_verdict, name="verdict"),
]
