"""URLs of `forums.views.expenses`, `.training`, `.thanks` and `.buddies`, by audience."""

from django.urls import path

from forums.views import buddies, expenses, thanks, training

MEMBERS = [
    path("expenses/", expenses.expense_list, name="expense_list"),
    path("expenses/new/", expenses.expense_new, name="expense_new"),
    path("expenses/<int:pk>/", expenses.expense_detail, name="expense_detail"),
    path("expenses/<int:pk>/send/", expenses.expense_send, name="expense_send"),
    path("expenses/items/<int:pk>/remove/", expenses.item_remove, name="expense_item_remove"),
    path("expenses/receipts/<int:pk>/", expenses.receipt, name="receipt"),
    path("training/", training.training_list, name="training_list"),
    path("training/<int:pk>/book/", training.training_book, name="training_book"),
    path("training/<int:pk>/cancel/", training.training_cancel, name="training_cancel"),
    path("training/certificates/<int:pk>/", training.training_certificate, name="training_certificate"),
    path("thanks/", thanks.thanks_list, name="thanks_list"),
    path("thanks/contribution.pdf", thanks.thanks_pdf, name="contribution_pdf"),
    path("buddy/", buddies.buddy, name="buddy"),
    path("buddy/<int:pk>/withdraw/", buddies.buddy_withdraw, name="buddy_withdraw"),
]
STAFF = [
    path("expenses/", expenses.work_list, name="expense_list"),
    path("expenses/costs/", expenses.work_costs, name="expense_costs"),
    path("expenses/new/", expenses.work_new, name="expense_new"),
    path("expenses/<int:pk>/", expenses.work_detail, name="expense_detail"),
    path("expenses/<int:pk>/add/", expenses.work_add, name="expense_add"),
    path("expenses/<int:pk>/send/", expenses.work_send, name="expense_send"),
    path("expenses/<int:pk>/approve/", expenses.work_approve, name="expense_approve"),
    path("expenses/<int:pk>/reject/", expenses.work_reject, name="expense_reject"),
    path("expenses/<int:pk>/pay/", expenses.work_pay, name="expense_pay"),
    path("expenses/items/<int:pk>/remove/", expenses.work_remove, name="expense_item_remove"),
    path("expenses/receipts/<int:pk>/", expenses.work_receipt, name="receipt"),
    path("training/", training.work_list, name="training_list"),
    path("thanks/", thanks.work_list, name="thanks_list"),
    path("buddies/", buddies.work_list, name="buddy_list"),
    path("buddies/new/", buddies.work_new, name="buddy_new"),
    path("buddies/<int:pk>/", buddies.work_detail, name="buddy_detail"),
]
