from django.urls import path

from apps.analytics.api import views

urlpatterns = [
    path("events/", views.SiteEvents.as_view(), name="site-events"),
]
