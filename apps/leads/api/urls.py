from django.urls import path

from apps.leads.api import views

urlpatterns = [
    path("", views.LeadList.as_view(), name="lead-list"),
    path("<uuid:lead_id>/", views.LeadDetail.as_view(), name="lead-detail"),
    path("<uuid:lead_id>/timeline/", views.LeadTimeline.as_view(), name="lead-timeline"),
    path("<uuid:lead_id>/score/", views.LeadScoreDetail.as_view(), name="lead-score"),
]
