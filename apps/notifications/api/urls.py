from django.urls import path

from apps.notifications.api import views

urlpatterns = [
    path("", views.NotificationList.as_view(), name="notification-list"),
    path("mark-read/", views.MarkRead.as_view(), name="notification-mark-read"),
    path("alerts/", views.AlertList.as_view(), name="alert-list"),
    path("alerts/<uuid:alert_id>/", views.AlertDetail.as_view(), name="alert-detail"),
    path(
        "alerts/<uuid:alert_id>/acknowledge/",
        views.AlertAcknowledge.as_view(),
        name="alert-acknowledge",
    ),
    path("alerts/<uuid:alert_id>/release/", views.AlertRelease.as_view(), name="alert-release"),
    path("alerts/<uuid:alert_id>/resolve/", views.AlertResolve.as_view(), name="alert-resolve"),
    path("preferences/", views.Preferences.as_view(), name="notification-preferences"),
    path("preferences/<str:kind>/", views.PreferenceOfKind.as_view(), name="notification-kind"),
    path("hours/", views.HoursOfMine.as_view(), name="notification-hours"),
]
