"""Lists that belong together, as tabs above each of them."""

from __future__ import annotations

from typing import Any

from solar_crm.settings.addresses import PageAddress


def tabs() -> list[dict[str, Any]]:
    """UNFOLD['TABS']."""
    return [
        {
            "models": ["leads.ruleset", "leads.assignmentpool", "leads.availability"],
            "items": [
                _tab("Rules", "leads_ruleset_changelist", "leads.view_ruleset"),
                _tab("Teams", "leads_assignmentpool_changelist", "leads.view_assignmentpool"),
                _tab("Hours & limits", "leads_availability_changelist", "leads.view_availability"),
            ],
        },
        {
            "models": [
                "leads.responsepolicy",
                "leads.officespan",
                "leads.holiday",
                "leads.surveycalendar",
            ],
            "items": [
                _tab(
                    "Answer times",
                    "leads_responsepolicy_changelist",
                    "leads.view_responsepolicy",
                ),
                _tab("Office hours", "leads_officespan_changelist", "leads.view_officespan"),
                _tab("Holidays", "leads_holiday_changelist", "leads.view_holiday"),
                _tab("Surveys", "leads_surveycalendar_changelist", "leads.view_surveycalendar"),
            ],
        },
        {
            "models": ["leads.mailtemplate", "leads.sequence"],
            "items": [
                _tab("Templates", "leads_mailtemplate_changelist", "leads.view_mailtemplate"),
                _tab("Sequences", "leads_sequence_changelist", "leads.view_sequence"),
            ],
        },
        {
            "models": [
                "conversations.knowledgeentry",
                "conversations.openingline",
                "conversations.cannedreply",
                "conversations.speechprice",
            ],
            "items": [
                _tab(
                    "Knowledge",
                    "conversations_knowledgeentry_changelist",
                    "conversations.view_knowledgeentry",
                ),
                _tab(
                    "Opening lines",
                    "conversations_openingline_changelist",
                    "conversations.view_openingline",
                ),
                _tab(
                    "Ready-made replies",
                    "conversations_cannedreply_changelist",
                    "conversations.view_cannedreply",
                ),
                _tab(
                    "Prices of speech",
                    "conversations_speechprice_changelist",
                    "conversations.view_speechprice",
                ),
            ],
        },
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
        {
            "models": [
                "b2b.platform",
                "b2b.buyerfeedback",
                "b2b.platformalert",
                "b2b.routingrule",
                "b2b.pricingpolicy",
                "b2b.capacityplan",
            ],
            "items": [
                _tab("Buyers", "b2b_platform_changelist", "b2b.view_platform"),
                _tab("Alerts", "b2b_platformalert_changelist", "b2b.view_platformalert"),
                _tab("Feedback", "b2b_buyerfeedback_changelist", "b2b.view_buyerfeedback"),
                _tab("Routing rules", "b2b_routingrule_changelist", "b2b.view_routingrule"),
                _tab("Prices", "b2b_pricingpolicy_changelist", "b2b.view_pricingpolicy"),
                _tab("Room", "b2b_capacityplan_changelist", "b2b.view_capacityplan"),
            ],
        },
        {
            "models": ["b2b.sale", "b2b.routedecision"],
            "items": [
                _tab("Sales", "b2b_sale_changelist", "b2b.view_sale"),
                _tab("Routes", "b2b_routedecision_changelist", "b2b.view_routedecision"),
            ],
        },
        {
            "models": ["ledger.revenuetransaction", "ledger.invoice"],
            "items": [
                _tab(
                    "Entries",
                    "ledger_revenuetransaction_changelist",
                    "ledger.view_revenuetransaction",
                ),
                _tab("Invoices", "ledger_invoice_changelist", "ledger.view_invoice"),
            ],
        },
        {
            "models": ["auditlog.logentry", "leads.leadexport"],
            "items": [
                _tab("Changes", "auditlog_logentry_changelist", "auditlog.view_logentry"),
                _tab("Exports", "leads_leadexport_changelist", "leads.view_leadexport"),
            ],
        },
    ]


def _tab(title: str, name: str, permission: str) -> dict[str, Any]:
    return {
        "title": title,
        "link": PageAddress(name),
        "permission": lambda request: request.user.has_perm(permission),
    }
