from django.urls import path

from apps.b2b.api import feedback, platforms, views

urlpatterns = [
    path("deliver-lead/", views.DeliverLead.as_view(), name="b2b-deliver-lead"),
    path(
        "delivery-status/<uuid:delivery_id>/",
        views.DeliveryStatus.as_view(),
        name="b2b-delivery-status",
    ),
    path("platforms/", platforms.PlatformList.as_view(), name="b2b-platforms"),
    path("platforms/<str:platform>/", platforms.PlatformDetail.as_view(), name="b2b-platform"),
    path(
        "platforms/<str:platform>/health/",
        platforms.PlatformHealth.as_view(),
        name="b2b-platform-health",
    ),
    path(
        "platforms/<str:platform>/onboard/",
        platforms.PlatformOnboard.as_view(),
        name="b2b-platform-onboard",
    ),
    path("alerts/", views.AlertList.as_view(), name="b2b-alerts"),
    path(
        "alerts/<uuid:platform_alert_id>/acknowledge/",
        views.AlertAcknowledge.as_view(),
        name="b2b-alert-acknowledge",
    ),
    path("revenue/metrics/", views.RevenueMetrics.as_view(), name="b2b-revenue-metrics"),
]
revenue_urlpatterns = [
    path("buyer-feedback/", feedback.BuyerFeedbackEntry.as_view(), name="buyer-feedback"),
]
