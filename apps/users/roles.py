"""What each role may do. This table is the truth: `manage.py sync_roles` writes it to the groups.

A role is a Django group of the same name, so the admin, the API and `has_perm` agree by
construction. Rights for one person beyond the role are given to that person in the admin.
"""

from __future__ import annotations

from apps.users.models import Role

_SEE = ("view",)
_WORK = ("view", "add", "change")
_ALL = ("view", "add", "change", "delete")


def _rights(actions: tuple[str, ...], *models: str) -> set[str]:
    return {
        f"{app}.{action}_{name}"
        for app, _, name in (model.partition(".") for model in models)
        for action in actions
    }


_LEAD_PAGE = (
    "contacts.contact",
    "contacts.contactidentity",
    "contacts.consent",
    "leads.leadactivity",
    "leads.leadscore",
    "leads.leadmail",
    "leads.enrolment",
    "leads.task",
    "pipeline.journey",
    "intake.leadsource",
    "solar.market",
    "solar.territory",
    "solar.estimaterun",
)

_OFFICE = ("leads.officespan", "leads.holiday", "leads.responsepolicy")

_MARKET_TABLES = (
    "solar.territory",
    "solar.tariff",
    "solar.incentive",
    "solar.installcost",
    "solar.assumption",
)

# Everybody whose role has a scope's use may hold keys; each sees their own, an admin all.
_OWN_KEYS = _rights(("view", "add"), "users.apikey")

# Whoever answers visitors in the chat.
_CHAT = _rights(("view", "change"), "conversations.conversation") | _rights(
    _SEE,
    "conversations.knowledgeentry",
    "conversations.cannedreply",
    "conversations.openingline",
)

# What came of the exchange, for those who may look into it.
_EXCHANGE_SEEN = (
    "b2b.sale",
    "b2b.delivery",
    "b2b.deliveryattempt",
    "b2b.routedecision",
    "b2b.capacityplan",
    "b2b.buyerfeedback",
    "b2b.platformalert",
    "ledger.revenuetransaction",
    "ledger.invoice",
)

_ASSIGNMENT = (
    "leads.assignmentpool",
    "leads.poolmember",
    "leads.availability",
    "leads.dayoff",
    "leads.ruleset",
    "leads.assignmentrule",
)

ROLE_PERMISSIONS: dict[str, set[str]] = {
    # Everything, through `is_superuser`; listed so that every role has its row.
    Role.ADMIN: set(),
    Role.MANAGER: _rights(_ALL, "leads.lead", *_ASSIGNMENT, *_OFFICE)
    | _rights(_ALL, "leads.mailtemplate", "leads.sequence", "leads.sequencestep")
    | _rights(_WORK, "leads.task")
    | _rights(_WORK, "leads.appointment", "leads.surveycalendar")
    | _OWN_KEYS
    | _rights(_WORK, "intake.leadsource", "contacts.suppression")
    | _rights(_WORK, *_MARKET_TABLES)
    | _rights(_WORK, "b2b.platform", "b2b.pricingpolicy")
    | _rights(_ALL, "b2b.platformcap", "b2b.routingrule", "pipeline.wayrule")
    | _rights(_SEE, *_EXCHANGE_SEEN)
    | {"b2b.change_delivery", "b2b.change_platformalert", "b2b.add_sale", "ledger.add_invoice"}
    | {"b2b.add_buyerfeedback"}
    | _rights(("view", "change"), "notifications.escalationrule")
    | _rights(
        _SEE,
        *_LEAD_PAGE,
        "intake.inboundevent",
        "integrations.chatbotinteraction",
        "integrations.calculatordata",
        "integrations.emaillog",
        "integrations.import",
        "leads.scoringmodel",
        "leads.leadexport",
        "users.user",
        "core.outboxmessage",
        "auditlog.logentry",
    )
    | _rights(("view", "change"), "conversations.conversation")
    | _rights(
        _ALL,
        "conversations.knowledgeentry",
        "conversations.cannedreply",
        "conversations.openingline",
        "conversations.speechprice",
    )
    | {
        "leads.add_leadmail",
        "leads.change_enrolment",
        "users.manage_leads",
        "users.view_all_leads",
        "users.replay_events",
        "users.start_campaigns",
        "users.view_analytics",
        "users.view_revenue",
        "users.export_data",
        "users.view_system",
        "notifications.oversee_alerts",
    },
    Role.SALES: _OWN_KEYS
    | _rights(_WORK, "leads.lead", "leads.task", "leads.appointment")
    | _rights(
        _SEE,
        *_LEAD_PAGE,
        "leads.mailtemplate",
        "leads.sequence",
        "integrations.chatbotinteraction",
        "integrations.calculatordata",
    )
    | _CHAT
    | {"leads.add_leadmail", "leads.change_enrolment", "users.view_revenue"},
    Role.SUPPORT: _OWN_KEYS
    | _rights(_SEE, "leads.lead", "leads.appointment", *_LEAD_PAGE)
    | _CHAT
    | {"users.view_all_leads", "users.view_revenue"},
    Role.TECHNICIAN: set(),
    Role.ANALYST: _OWN_KEYS
    | _rights(_SEE, "leads.lead", *_LEAD_PAGE)
    | _rights(_SEE, "b2b.platform", "conversations.openingline", *_EXCHANGE_SEEN)
    | {"users.view_all_leads", "users.view_analytics", "users.view_revenue"},
    Role.BUYER: set(),
}
# Everybody who works here is told things. Whose they are is decided row by row.
for _role in {*Role} - {Role.ADMIN, Role.BUYER}:
    ROLE_PERMISSIONS[_role] |= _rights(_SEE, "notifications.notification", "notifications.alert")


def roles_with(permission: str) -> list[str]:
    """The roles that have a permission, the admin's among them."""
    return [
        Role.ADMIN.value,
        *(role for role, has in ROLE_PERMISSIONS.items() if permission in has),
    ]
