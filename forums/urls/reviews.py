"""URLs of `forums.views.reviews`, by audience."""

from django.urls import path

from forums.views.reviews import figures, members, staff

PUBLIC = []
MEMBERS = [
    path("reviews/", members.review_list, name="review_list"),
    path("reviews/<int:pk>/", members.review, name="review"),
    path("reviews/<int:pk>/file/<int:number>/", members.review_file, name="review_file"),
]
STAFF = [
    path("reviews/", staff.review_list, name="review_list"),
    path("reviews/new/", staff.review_add, name="review_add"),
    path("reviews/figures/", figures.review_figures, name="review_figures"),
    path("reviews/figures.csv", figures.review_figures_csv, name="review_figures_csv"),
    path("reviews/comments/<int:pk>/", staff.review_decide, name="review_decide"),
    path("reviews/<int:pk>/", staff.review_detail, name="review_detail"),
    path("reviews/<int:pk>/answers/", staff.review_answers, name="review_answers"),
    path("reviews/<int:pk>/record/", staff.review_record, name="review_record"),
    path("reviews/<int:pk>/open/", staff.review_open, name="review_open"),
    path("reviews/<int:pk>/close/", staff.review_close, name="review_close"),
    path("reviews/<int:pk>/version/", staff.review_version, name="review_version"),
    path("reviews/<int:pk>/return/", staff.review_return, name="review_return"),
    path("reviews/<int:pk>/file/<int:number>/", staff.review_file, name="review_file"),
]
