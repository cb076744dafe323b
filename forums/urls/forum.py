"""URLs of `forums.views.forum` and `forums.views.clockwork`, by audience."""

from django.urls import path

from forums.views import clockwork, forum

PUBLIC = [
    path("forums/", forum.forum_list, name="forum_list"),
    path("forums/map/", forum.forum_map, name="forum_map"),
    path("forums/<int:pk>/", forum.forum_detail, name="forum_detail"),
    path("forums/terms/<int:pk>/", forum.terms_file, name="terms_file"),
]
MEMBERS = []
STAFF = [
    path("", clockwork.clockwork, name="clockwork"),
    path("boards/", clockwork.boards, name="boards"),
    path("forums/<int:pk>/", clockwork.forum_clock, name="forum_clock"),
    path("forums/<int:pk>/dates/", clockwork.forum_dates, name="forum_dates"),
    path("forums/<int:pk>/members/", clockwork.forum_members, name="forum_members"),
    path("memberships/<int:pk>/", clockwork.membership_detail, name="membership_detail"),
    path("memberships/<int:pk>/leave/", clockwork.membership_leave, name="membership_leave"),
]
