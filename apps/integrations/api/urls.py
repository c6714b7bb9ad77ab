from django.urls import path, re_path

from apps.integrations.api import buyers, views

# With and without the slash at the end: senders we do not control use both.
urlpatterns = [
    path("webhooks/emailjs/", views.EmailjsDoor.as_view(), name="door-emailjs"),
    path("webhooks/chatbot/", views.ChatbotDoor.as_view(), name="door-chatbot"),
    path("webhooks/calculator/", views.CalculatorDoor.as_view(), name="door-calculator"),
    path("webhooks/leads/", views.VendorDoor.as_view(), name="door-leads"),
    path(
        "webhooks/buyer-feedback/",
        buyers.BuyerFeedbackDoor.as_view(),
        name="door-buyer-feedback",
    ),
    path("webhooks/email/", views.EmailDoor.as_view(), name="door-email"),
    path("webhooks/mail-service/", views.MailServiceReports.as_view(), name="mail-service"),
    path("events/<uuid:event_id>/", views.EventStatus.as_view(), name="event-status"),
]
bare_urlpatterns = [
    re_path(r"^webhooks/emailjs$", views.EmailjsDoor.as_view()),
    re_path(r"^webhooks/chatbot$", views.ChatbotDoor.as_view()),
    re_path(r"^webhooks/calculator$", views.CalculatorDoor.as_view()),
    re_path(r"^webhooks/leads$", views.VendorDoor.as_view()),
    re_path(r"^webhooks/buyer-feedback$", buyers.BuyerFeedbackDoor.as_view()),
    re_path(r"^webhooks/email$", views.EmailDoor.as_view()),
]
