"""URLs of `forums.views.meetings` and its parts for members and the public."""

from django.urls import path

from forums.views import meetings, meetings_members, meetings_public

PUBLIC = [
    path("meetings/", meetings_public.meeting_list, name="meeting_list"),
    path("meetings/<int:pk>/", meetings_public.meeting_detail, name="meeting_detail"),
    path("meetings/<int:pk>/calendar.ics", meetings_public.meeting_calendar, name="meeting_calendar"),
    path("meetings/<int:pk>/minutes/", meetings_public.meeting_minutes, name="meeting_minutes"),
    path("meetings/<int:pk>/join/", meetings_public.meeting_join, name="meeting_join"),
    path("meetings/<int:pk>/joined/", meetings_public.meeting_joined, name="meeting_joined"),
    path("meetings/papers/<int:pk>/", meetings_public.paper_file, name="paper_file"),
]
MEMBERS = [
    path("meetings/<int:pk>/", meetings_members.meeting, name="meeting"),
    path("meetings/<int:pk>/calendar.ics", meetings_members.meeting_calendar, name="meeting_calendar"),
    path("meetings/<int:pk>/minutes/", meetings_members.meeting_minutes, name="meeting_minutes"),
    path("meetings/<int:pk>/needs-met/", meetings_members.meeting_needs_met, name="meeting_needs_met"),
    path("papers/<int:pk>/", meetings_members.paper, name="paper"),
]
STAFF = [
    path("meetings/", meetings.meeting_list, name="meeting_list"),
    path("meetings/<int:pk>/", meetings.meeting_sheet, name="meeting_sheet"),
    path("meetings/<int:pk>/invite/", meetings.meeting_invite, name="meeting_invite"),
    path("meetings/<int:pk>/papers/", meetings.meeting_papers, name="meeting_papers"),
    path("meetings/<int:pk>/attendance/", meetings.meeting_attendance, name="meeting_attendance"),
    path("meetings/<int:pk>/minutes/", meetings.meeting_minutes, name="meeting_minutes"),
    path("meetings/<int:pk>/minutes/file/", meetings.minutes_file, name="minutes_file"),
    path("meetings/<int:pk>/status/", meetings.meeting_status, name="meeting_status"),
    path("attendance/<int:pk>/reply/", meetings.meeting_reply_for, name="meeting_reply_for"),
    path("attendance/<int:pk>/needs-met/", meetings.meeting_needs_for, name="meeting_needs_for"),
    path("attendance/<int:pk>/followed-up/", meetings.needs_followed_up, name="needs_followed_up"),
    path("papers/<int:pk>/", meetings.paper_file, name="paper_file"),
    path("actions/", meetings.action_list, name="action_list"),
    path("actions/<int:pk>/done/", meetings.action_done, name="action_done"),
]
