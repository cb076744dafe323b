"""URLs of what follows from reports, by audience: `insights.views` recommendations, lessons, indicators, boards,
sharing, briefing."""

from django.urls import path

from insights.views import boards, briefing, indicators, lessons, recommendations, sharing

STAFF = [
    path("recommendations/", recommendations.recommendation_list, name="recommendation_list"),
    path("library/<int:pk>/recommendations/add/", recommendations.recommendation_add, name="recommendation_add"),
    path("recommendations/<int:pk>/edit/", recommendations.recommendation_edit, name="recommendation_edit"),
    path("recommendations/<int:pk>/done/", recommendations.recommendation_done, name="recommendation_done"),
    path("lessons/", lessons.lesson_list, name="lesson_list"),
    path("lessons/add/", lessons.lesson_add, name="lesson_add"),
    path("lessons/<int:pk>/edit/", lessons.lesson_edit, name="lesson_edit"),
    path("indicators/", indicators.indicator_list, name="indicator_list"),
    path("indicators/side-by-side/", indicators.indicator_pair, name="indicator_pair"),
    path("boards/", boards.board_list, name="board_list"),
    path("boards/<int:pk>/", boards.board_digest, name="board_digest"),
    path("boards/<int:pk>/sent/", boards.board_sent, name="board_sent"),
    path("boards/<int:pk>/topics/add/", boards.subscription_add, name="subscription_add"),
    path("board-topics/<int:pk>/remove/", boards.subscription_remove, name="subscription_remove"),
    path("passed-on/", sharing.shared_list, name="shared_list"),
    path("passed-on/<slug:kind>/<int:pk>/add/", sharing.share_add, name="share_add"),
    path("briefing/", briefing.briefing, name="briefing"),
    path("briefing/pdf/", briefing.briefing_pdf, name="briefing_pdf"),
]
