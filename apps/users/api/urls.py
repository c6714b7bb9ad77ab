from django.urls import path

from apps.users.api import views

urlpatterns = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("refresh/", views.Refresh.as_view(), name="refresh"),
    path("user/", views.CurrentUser.as_view(), name="user"),
    path("verify/", views.Verify.as_view(), name="verify"),
]
