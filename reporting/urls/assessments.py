"""`/reports/assessments/`: how the body judges itself, and is judged."""

from django.urls import path

from reporting.views import assessments

app_name = "assessments"
urlpatterns = [
    path("", assessments.yardstick_list, name="yardstick_list"),
    path("yardsticks/<int:pk>/", assessments.yardstick_detail, name="yardstick_detail"),
    path("yardsticks/<int:pk>/begin/", assessments.assessment_add, name="assessment_add"),
    path("<int:pk>/", assessments.assessment_detail, name="assessment_detail"),
    path("<int:pk>/judge/<int:number>/", assessments.judgement_edit, name="judgement_edit"),
    path("<int:pk>/judge/<int:number>/<slug:perspective>/", assessments.judgement_edit, name="judgement_edit"),
    path("<int:pk>/<slug:step>/", assessments.assessment_step, name="assessment_step"),
]
