from django.urls import path

from apps.integrations.imports import api

urlpatterns = [
    path("", api.Importing.as_view(), name="lead-import"),
    path("<uuid:import_id>/", api.ImportProgress.as_view(), name="lead-import-progress"),
    path("<uuid:import_id>/cancel/", api.ImportCancelling.as_view(), name="lead-import-cancel"),
    path("<uuid:import_id>/failures/", api.ImportFailures.as_view(), name="lead-import-failures"),
]
