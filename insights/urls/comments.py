"""URLs of comments: collections, files, what is held, quotes and like comments; by audience."""

from django.urls import path

from insights.views import campaigns, comments, held, quotes, uploads

STAFF = [
    path("comments/", comments.collection_list, name="collection_list"),
    path("comments/add/", comments.collection_add, name="collection_add"),
    path("comments/held/", held.held_list, name="held_list"),
    path("comments/<int:pk>/", comments.collection_detail, name="collection_detail"),
    path("comments/<int:pk>/all/", comments.comment_list, name="comment_list"),
    path("comments/<int:pk>/read/", comments.comment_read, name="comment_read"),
    path("comments/<int:pk>/type/", comments.comment_add, name="comment_add"),
    path("comments/<int:pk>/file/", uploads.comment_upload, name="comment_upload"),
    path("comments/<int:pk>/alike/", campaigns.campaign_list, name="campaign_list"),
    path("comments/alike/<int:pk>/", campaigns.campaign_name, name="campaign_name"),
    path("comments/files/<int:pk>/", uploads.comment_upload_detail, name="comment_upload_detail"),
    path("comments/files/<int:pk>/confirm/", uploads.comment_upload_confirm, name="comment_upload_confirm"),
    path("comments/surveys/<int:pk>/gather/", comments.survey_gather, name="survey_gather"),
    path("comments/quotes/<int:pk>/withdraw/", quotes.quote_withdraw, name="quote_withdraw"),
    path("comment/<int:pk>/", comments.comment_detail, name="comment_detail"),
    path("comment/<int:pk>/decide/", held.held_decide, name="held_decide"),
    path("comment/<int:pk>/quote/", quotes.quote_add, name="quote_add"),
]
