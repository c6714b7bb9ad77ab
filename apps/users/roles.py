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
    "pipeline.journey",
    "intake.leadsource",
    "solar.market",
    "solar.territory",
    "solar.estimaterun",
)

_MARKET_TABLES = (
    "solar.territory",
    "solar.tariff",
    "solar.incentive",
    "solar.installcost",
    "solar.assumption",
)

ROLE_PERMISSIONS: dict[str, set[str]] = {
    # Everything, through `is_superuser`; listed so that every role has its row.
    Role.ADMIN: set(),
    Role.MANAGER: _rights(_ALL, "leads.lead", "leads.assignmentpool", "leads.poolmember")
    | _rights(_WORK, "intake.leadsource", "contacts.suppression")
    | _rights(_WORK, *_MARKET_TABLES)
    | _rights(
        _SEE,
        *_LEAD_PAGE,
        "intake.inboundevent",
        "integrations.chatbotinteraction",
        "integrations.calculatordata",
        "integrations.emaillog",
        "leads.scoringmodel",
        "users.user",
        "core.outboxmessage",
        "auditlog.logentry",
    )
    | {
        "users.manage_leads",
        "users.view_all_leads",
        "users.replay_events",
        "users.start_campaigns",
        "users.view_analytics",
        "users.export_data",
        "users.view_system",
    },
    Role.SALES: _rights(_WORK, "leads.lead")
    | _rights(_SEE, *_LEAD_PAGE, "integrations.chatbotinteraction", "integrations.calculatordata"),
    Role.SUPPORT: _rights(_SEE, "leads.lead", *_LEAD_PAGE) | {"users.view_all_leads"},
    Role.TECHNICIAN: set(),
    Role.ANALYST: _rights(_SEE, "leads.lead", *_LEAD_PAGE)
    | {"users.view_all_leads", "users.view_analytics"},
    Role.BUYER: set(),
}


def roles_with(permission: str) -> list[str]:
    """The roles that have a permission, the admin's among them."""
    return [
        Role.ADMIN.value,
        *(role for role, has in ROLE_PERMISSIONS.items() if permission in has),
    ]
