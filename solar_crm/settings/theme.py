"""The internal dashboard: django-unfold in the colours of the public site."""

from __future__ import annotations

from typing import Any

from django.templatetags.static import static

from solar_crm.settings.addresses import PageAddress
from solar_crm.settings.colours import GOLD
from solar_crm.settings.tabs import tabs

_STYLES = (  # in the order they are read
    "admin", "lead", "home", "system", "surveys", "mail", "inbox", "talks", "notifications",
    "exchange", "working", "merging", "sharing",
)  # fmt: skip


def _entry(
    title: str, icon: str, name: str, permission: str = "", badge: str = ""
) -> dict[str, Any]:
    entry: dict[str, Any] = {"title": title, "icon": icon, "link": PageAddress(name)}
    if permission:
        entry["permission"] = lambda request: request.user.has_perm(permission)
    if badge:
        entry["badge"] = badge
    return entry


def _below(pages: str, *, but: str) -> dict[str, Any]:
    """For an entry whose pages have another one's among them: only one of the two is marked."""
    return {"active": lambda request: request.path.startswith(pages) and but not in request.path}


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
        "STYLES": [lambda request, name=name: static(f"internal/{name}.css") for name in _STYLES],
        "SCRIPTS": [lambda request: static("internal/bell.js")],
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": False,
        "ACCOUNT": {
            "navigation": [
                {"title": "My profile", "link": PageAddress("users_profile")},
                {"title": "Change password", "link": PageAddress("password_change")},
            ]
        },
        "LOGIN": {"form": "apps.users.forms.SignInForm"},
        "DASHBOARD_CALLBACK": "apps.pipeline.home.home_page",
        "ENVIRONMENT": "apps.pipeline.home.environment_label",
        "COMMAND": {"search_callback": "apps.pipeline.home.find", "show_history": False},
        "TABS": tabs(),
        "COLORS": {"primary": GOLD},
        "SIDEBAR": {
            "show_search": True,
            "command_search": True,
            "show_all_applications": False,
            "navigation": [
                {
                    "title": "Work",
                    "items": [
                        _entry("Home", "home", "index"),
                        _entry("My day", "today", "leads_my_day", "leads.change_lead"),
                        _entry(
                            "Notifications",
                            "notifications",
                            "notifications_notification_changelist",
                            "notifications.view_notification",
                        ),
                        _entry(
                            "Needs a person",
                            "front_hand",
                            "notifications_alert_changelist",
                            "notifications.view_alert",
                            badge="apps.notifications.bell.waiting_badge",
                        ),
                        _entry(
                            "Leads",
                            "solar_power",
                            "leads_lead_changelist",
                            "leads.view_lead",
                            badge="apps.pipeline.badges.new_leads_badge",
                        )
                        | _below("/admin/leads/lead/", but="/my-day/"),
                        _entry(
                            "Site surveys",
                            "event",
                            "leads_appointment_changelist",
                            "leads.view_appointment",
                        ),
                        _entry(
                            "Inbox of the chat",
                            "chat",
                            "conversations_inbox",
                            "conversations.change_conversation",
                            badge="apps.conversations.badge.waiting_badge",
                        ),
                        _entry(
                            "Conversations",
                            "forum",
                            "conversations_conversation_changelist",
                            "conversations.view_conversation",
                        )
                        | _below("/admin/conversations/conversation/", but="/inbox/"),
                        _entry(
                            "Possible duplicates",
                            "group",
                            "leads_duplicatesuggestion_changelist",
                            "leads.change_lead",
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
                            "Files of leads",
                            "upload_file",
                            "integrations_import_changelist",
                            "users.manage_leads",
                        ),
                        _entry(
                            "Journeys",
                            "route",
                            "pipeline_journey_changelist",
                            "intake.view_inboundevent",
                            badge="apps.pipeline.badges.parked_badge",
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
                            "Site funnel",
                            "filter_alt",
                            "analytics_sitecount_changelist",
                            "users.view_analytics",
                        ),
                        _entry(
                            "Chat figures",
                            "query_stats",
                            "pipeline_conversationday_changelist",
                            "users.view_analytics",
                        ),
                        _entry(
                            "Mails & forms",
                            "mail",
                            "integrations_emaillog_changelist",
                            "integrations.view_emaillog",
                        ),
                    ],
                },
                {
                    "title": "Exchange",
                    "items": [
                        _entry(
                            "Buyers",
                            "storefront",
                            "b2b_platform_changelist",
                            "b2b.view_platform",
                        ),
                        _entry("Sales", "sell", "b2b_sale_changelist", "b2b.view_sale"),
                        _entry(
                            "Deliveries",
                            "local_shipping",
                            "b2b_delivery_changelist",
                            "b2b.view_delivery",
                            badge="apps.pipeline.badges.manual_badge",
                        ),
                        _entry(
                            "Ledger",
                            "account_balance",
                            "ledger_revenuetransaction_changelist",
                            "ledger.view_revenuetransaction",
                        ),
                    ],
                },
                {
                    "title": "Rules",
                    "items": [
                        _entry(
                            "Assignment",
                            "groups",
                            "leads_ruleset_changelist",
                            "leads.view_ruleset",
                        ),
                        _entry(
                            "First answer",
                            "timer",
                            "leads_responsepolicy_changelist",
                            "leads.view_responsepolicy",
                        ),
                        _entry(
                            "Mail & follow-up",
                            "stylus_note",
                            "leads_mailtemplate_changelist",
                            "leads.change_mailtemplate",
                        ),
                        _entry(
                            "Scoring",
                            "speed",
                            "leads_scoringmodel_changelist",
                            "leads.view_scoringmodel",
                        ),
                        _entry(
                            "Knowledge",
                            "menu_book",
                            "conversations_knowledgeentry_changelist",
                            "conversations.change_knowledgeentry",
                        ),
                        _entry(
                            "Escalation",
                            "trending_up",
                            "notifications_escalationrule_changelist",
                            "notifications.view_escalationrule",
                        ),
                        _entry(
                            "Work or sell",
                            "alt_route",
                            "pipeline_wayrule_changelist",
                            "pipeline.view_wayrule",
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
                        _entry("System", "monitor_heart", "core_system", "users.view_system"),
                        _entry("People", "badge", "users_user_changelist", "users.view_user"),
                        _entry("API keys", "key", "users_apikey_changelist", "users.view_apikey"),
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
