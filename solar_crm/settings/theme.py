"""The internal dashboard: django-unfold in the colours of the public site."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static
from django.urls import reverse_lazy


def _entry(
    title: str, icon: str, name: str, permission: str = "", badge: str = ""
) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": title, "icon": icon, "link": reverse_lazy(f"admin:{name}")}
    if permission:
        entry["permission"] = lambda request: request.user.has_perm(permission)
    if badge:
        entry["badge"] = badge
    return entry


def _tab(title: str, name: str, permission: str) -> dict[str, Any]:
    return {
        "title": title,
        "link": reverse_lazy(f"admin:{name}"),
        "permission": lambda request: request.user.has_perm(permission),
    }


def unfold_config(brand: str) -> dict[str, Any]:
    """UNFOLD: brand, colours, and the menu by what a person may see."""
    return {
        "SITE_TITLE": brand,
        "SITE_HEADER": brand,
        "SITE_SUBHEADER": "Solar CRM",
        "SITE_URL": "/",
        "SITE_SYMBOL": "solar_power",
        "SITE_FAVICONS": [
            {
                "rel": "icon",
                "type": "image/svg+xml",
                "href": lambda request: static("internal/favicon.svg"),
            }
        ],
        "STYLES": [lambda request: static("internal/admin.css")],
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": False,
        "LOGIN": {"form": "apps.users.forms.SignInForm"},
        "DASHBOARD_CALLBACK": "apps.pipeline.home.home_page",
        "ENVIRONMENT": "apps.pipeline.home.environment_label",
        "COMMAND": {"search_callback": "apps.pipeline.home.find", "show_history": False},
        "TABS": [
            {
                "models": [
                    "solar.market",
                    "solar.territory",
                    "solar.postalarea",
                    "solar.tariff",
                    "solar.incentive",
                    "solar.installcost",
                    "solar.assumption",
                ],
                "items": [
                    _tab("Markets", "solar_market_changelist", "solar.view_market"),
                    _tab("Territories", "solar_territory_changelist", "solar.view_territory"),
                    _tab("Postal areas", "solar_postalarea_changelist", "solar.view_postalarea"),
                    _tab("Tariffs", "solar_tariff_changelist", "solar.view_tariff"),
                    _tab("Incentives", "solar_incentive_changelist", "solar.view_incentive"),
                    _tab("Costs", "solar_installcost_changelist", "solar.view_installcost"),
                    _tab("Assumptions", "solar_assumption_changelist", "solar.view_assumption"),
                ],
            },
        ],
        "COLORS": {"primary": _GOLD},
        "SIDEBAR": {
            "show_search": True,
            "command_search": True,
            "show_all_applications": False,
            "navigation": [
                {
                    "title": "Work",
                    "items": [
                        _entry("Home", "home", "index"),
                        _entry(
                            "Leads",
                            "solar_power",
                            "leads_lead_changelist",
                            "leads.view_lead",
                            badge="apps.pipeline.home.new_leads_badge",
                        ),
                        _entry(
                            "People & consent",
                            "contacts",
                            "contacts_contact_changelist",
                            "contacts.view_contact",
                        ),
                    ],
                },
                {
                    "title": "What came in",
                    "items": [
                        _entry(
                            "Inbox of the doors",
                            "move_to_inbox",
                            "intake_inboundevent_changelist",
                            "intake.view_inboundevent",
                        ),
                        _entry(
                            "Journeys",
                            "route",
                            "pipeline_journey_changelist",
                            "intake.view_inboundevent",
                            badge="apps.pipeline.home.parked_badge",
                        ),
                        _entry(
                            "Sources & keys",
                            "vpn_key",
                            "intake_leadsource_changelist",
                            "intake.change_leadsource",
                        ),
                        _entry(
                            "Chats",
                            "forum",
                            "integrations_chatbotinteraction_changelist",
                            "integrations.view_chatbotinteraction",
                        ),
                        _entry(
                            "Calculator",
                            "calculate",
                            "integrations_calculatordata_changelist",
                            "integrations.view_calculatordata",
                        ),
                        _entry(
                            "Estimates",
                            "request_quote",
                            "solar_estimaterun_changelist",
                            "solar.view_estimaterun",
                        ),
                        _entry(
                            "Form mails",
                            "mail",
                            "integrations_emaillog_changelist",
                            "integrations.view_emaillog",
                        ),
                    ],
                },
                {
                    "title": "Rules",
                    "items": [
                        _entry(
                            "Assignment",
                            "groups",
                            "leads_assignmentpool_changelist",
                            "leads.change_assignmentpool",
                        ),
                        _entry(
                            "Scoring",
                            "speed",
                            "leads_scoringmodel_changelist",
                            "leads.view_scoringmodel",
                        ),
                        _entry(
                            "Markets", "public", "solar_market_changelist", "solar.change_territory"
                        ),
                        _entry(
                            "Do not contact",
                            "block",
                            "contacts_suppression_changelist",
                            "contacts.view_suppression",
                        ),
                    ],
                },
                {
                    "title": "System",
                    "items": [
                        _entry("People", "badge", "users_user_changelist", "users.view_user"),
                        _entry(
                            "Outbox",
                            "outbox",
                            "core_outboxmessage_changelist",
                            "core.view_outboxmessage",
                        ),
                        _entry(
                            "Audit trail",
                            "history",
                            "auditlog_logentry_changelist",
                            "auditlog.view_logentry",
                        ),
                    ],
                },
            ],
        },
    }


# The gold of frontend/styles.css from paper to ink.
_GOLD = {
    "50": "oklch(98.5% .018 85)",
    "100": "oklch(96% .045 86)",
    "200": "oklch(92% .09 87)",
    "300": "oklch(86% .13 85)",
    "400": "oklch(79% .15 80)",
    "500": "oklch(70% .15 75)",
    "600": "oklch(58% .13 70)",
    "700": "oklch(49% .11 66)",
    "800": "oklch(41% .09 63)",
    "900": "oklch(35% .07 61)",
    "950": "oklch(24% .05 58)",
}
