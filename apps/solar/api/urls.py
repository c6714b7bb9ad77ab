from django.urls import path

from apps.solar.api import views

urlpatterns = [
    path("estimate/", views.EstimateView.as_view(), name="solar-estimate"),
    path("incentives/", views.IncentivesView.as_view(), name="solar-incentives"),
]
