from django.urls import path

from apps.leads.api import surveys

urlpatterns = [
    path("", surveys.Booking.as_view(), name="survey-booking"),
    path("slots/", surveys.Slots.as_view(), name="survey-slots"),
]
