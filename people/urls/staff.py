"""`/register/`: the register of people, for staff."""

from django.urls import path

from people.views import duplicates, equality, messages, register, requests, rights, safeguarding, stakeholders

app_name = "register"
urlpatterns = [
    path("", register.person_list, name="person_list"),
    path("new/", register.person_add, name="person_add"),
    path("<int:pk>/", register.person_detail, name="person_detail"),
    path("<int:pk>/edit/", register.person_edit, name="person_edit"),
    path("<int:pk>/account/", register.person_open_account, name="person_open_account"),
    path("<int:pk>/consents/", register.person_consents, name="person_consents"),
    path("<int:pk>/needs/", register.person_needs, name="person_needs"),
    path("<int:pk>/export/", rights.person_export, name="person_export"),
    path("<int:pk>/erasure/", rights.erasure_ask, name="erasure_ask"),
    path("duplicates/", duplicates.duplicate_list, name="duplicate_list"),
    path("duplicates/<int:first>/<int:second>/", duplicates.two_people, name="two_people"),
    path("merge/<int:first>/<int:second>/", duplicates.merge, name="merge"),
    path("erasure/", rights.erasure_list, name="erasure_list"),
    path("erasure/<int:pk>/", rights.erasure_detail, name="erasure_detail"),
    # messages, stakeholders, safeguarding
    path("messages/", messages.message_list, name="message_list"),
    path("messages/<int:pk>/again/", messages.message_again, name="message_again"),
    path("messages/done/", messages.message_done, name="message_done"),
    path("messages/<int:pk>/letter.pdf", messages.message_letter, name="message_letter"),
    path("messages/letters.pdf", messages.message_letters, name="message_letters"),
    path("stakeholders/", stakeholders.stakeholder_map, name="stakeholder_map"),
    path("stakeholders/export/", stakeholders.stakeholder_export, name="stakeholder_export"),
    path("stakeholders/<int:pk>/contacts/", stakeholders.stakeholder_contact_add, name="stakeholder_contact_add"),
    path("young-people/", safeguarding.young_list, name="young_list"),
    path("young-people/<int:pk>/", safeguarding.young_detail, name="young_detail"),
    path("concerns/", safeguarding.concern_list, name="concern_list"),
    path("concerns/<int:pk>/", safeguarding.concern_detail, name="concern_detail"),
    path("formats/", requests.format_list, name="format_list"),
    path("formats/new/", requests.format_add, name="format_add"),
    path("formats/<int:pk>/", requests.format_detail, name="format_detail"),
    path("formats/<int:pk>/<slug:step>/", requests.format_step, name="format_step"),
    path("equality/", equality.equality_totals, name="equality_totals"),
]
