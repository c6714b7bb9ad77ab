from django.urls import path

from apps.pipeline.api import views

urlpatterns = [
    path(
        "conversation/revenue-optimized/",
        views.RevenueOptimizedConversation.as_view(),
        name="conversation-revenue-optimized",
    ),
]
