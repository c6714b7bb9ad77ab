"""Every address of the product. `SURFACE` says which of the two deployments this process is.

`/health` and `/metrics` are answered before any of these, by `core.middleware.ProbeMiddleware`.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.b2b.api import urls as exchange_urls
from apps.conversations.api.urls import internal_urlpatterns as inbox_urlpatterns
from apps.conversations.api.urls import public_urlpatterns as chat_urlpatterns
from apps.core.api import system
from apps.core.api import views as core_views
from apps.core.api.negotiation import FormatFirst
from apps.integrations.api.urls import bare_urlpatterns as bare_doors
from apps.leads.survey_booking_page import survey_booking_page
from apps.leads.survey_page import survey_file, survey_page
from apps.leads.views import unsubscribe
from solar_crm.site import site_file

_is_public = settings.SURFACE in {"public", "all"}
_is_internal = settings.SURFACE in {"internal", "all"}

handler400 = core_views.bad_request
handler404 = core_views.not_found
handler500 = core_views.server_error

public_api: list[URLPattern | URLResolver] = [
    path("integrations/", include("apps.integrations.api.urls")),
    path("solar/", include("apps.solar.api.urls")),
    path("surveys/", include("apps.leads.api.survey_urls")),
    path("site/", include("apps.analytics.api.urls")),
    *chat_urlpatterns,
    path("", include("apps.pipeline.api.urls")),
]
internal_api: list[URLPattern | URLResolver] = [
    path("auth/", include("apps.users.api.urls")),
    path("leads/import/", include("apps.integrations.imports.urls")),
    path("leads/", include("apps.leads.api.urls")),
    *inbox_urlpatterns,
    path("notifications/", include("apps.notifications.api.urls")),
    path("b2b/", include("apps.b2b.api.urls")),
    path("revenue/", include(exchange_urls.revenue_urlpatterns)),
    path("system/health/", system.SystemHealth.as_view(), name="system-health"),
    path("system/metrics/", system.SystemMetrics.as_view(), name="system-metrics"),
    path("system/errors/", system.SystemErrors.as_view(), name="system-errors"),
]
api = (public_api if _is_public else []) + (internal_api if _is_internal else [])
documentation: list[URLPattern | URLResolver] = [
    path(
        "schema/",
        SpectacularAPIView.as_view(content_negotiation_class=FormatFirst),
        name="schema",
    ),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", include(documentation)),
    path("api/", include(api)),
    # The same thing under a version, for clients that want to name one.
    path("api/v1/", include(([*documentation, *api], "v1"))),
]
if _is_public:
    urlpatterns += [
        path(f"{root}integrations/", include(bare_doors)) for root in ("api/", "api/v1/")
    ]
    urlpatterns += [
        path("unsubscribe/<str:token>/", unsubscribe, name="unsubscribe"),
    ]
if _is_internal:
    urlpatterns += [
        path("admin/", admin.site.urls),
    ]
if _is_public:
    urlpatterns += [
        path("survey/book/<str:token>/", survey_booking_page, name="survey-booking"),
        path("survey/<str:token>/", survey_page, name="survey-page"),
        path("survey/<str:token>/survey.ics", survey_file, name="survey-file"),
    ]
    # What belongs to others is not a file: `/admin` finds its slash, an unknown API path its error.
    others = r"(?!(?:api|webhook|admin|unsubscribe|survey)(?:/|$))"
    urlpatterns += [re_path(rf"^{others}(?P<name>[\w./-]*)$", site_file, name="site")]
else:
    urlpatterns += [path("", RedirectView.as_view(pattern_name="admin:index"))]
