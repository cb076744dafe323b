"""URLs of the library, by audience: `insights.views` library, library_files, stories, contributions, partners."""

from django.urls import path

from insights.views import contributions, library, library_files, library_public, partners, stories

STAFF = [
    path("library/", library.source_list, name="source_list"),
    path("library/figures/", library.library_figures, name="library_figures"),
    path("library/add/", library.source_add, name="source_add"),
    path("library/<int:pk>/", library.source_detail, name="source_detail"),
    path("library/<int:pk>/edit/", library.source_edit, name="source_edit"),
    path("library/<int:pk>/step/<slug:step>/", library.source_step, name="source_step"),
    path("library/<int:pk>/rate/", library.source_rate, name="source_rate"),
    path("library/<int:pk>/files/add/", library_files.source_file_add, name="source_file_add"),
    path("library-files/<int:pk>/", library_files.source_file, name="source_file"),
    path("library-files/<int:pk>/release/", library_files.source_file_release, name="source_file_release"),
    path("library-files/<int:pk>/remove/", library_files.source_file_remove, name="source_file_remove"),
    path("library/<int:pk>/story/", stories.story_edit, name="story_edit"),
    path("library/<int:pk>/story/withdraw/", stories.story_withdraw, name="story_withdraw"),
    path("library/<int:pk>/story/heard/", stories.story_hearing_add, name="story_hearing_add"),
    path("contributions/", contributions.contribution_list, name="contribution_list"),
    path("remarks/", contributions.remark_list, name="remark_list"),
    path("remarks/<int:pk>/", contributions.remark_done, name="remark_done"),
]
PUBLIC = [
    path("", library_public.source_list, name="source_list"),
    path("files/<int:pk>/", library_public.source_file, name="source_file"),
    path("items/<slug:reference>/", library_public.source_detail, name="source_detail"),
    path("items/<slug:reference>/remark/", library_public.remark, name="remark"),
]
PARTNERS = [
    path("", partners.home, name="home"),
    path("send/", partners.contribute, name="contribute"),
    path("sent/<int:pk>/", partners.contribution_detail, name="contribution_detail"),
    path("library/", partners.source_list, name="source_list"),
    path("library/<int:pk>/", partners.source_detail, name="source_detail"),
    path("files/<int:pk>/", partners.source_file, name="source_file"),
]
