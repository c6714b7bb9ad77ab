"""What an API key can be good for. The one register of scopes.

A scope is a name for permissions. A key may do what its scopes name *and* its owner may do: a
scope never adds a right, and a right taken from the owner is gone from the key at once.
"""

from __future__ import annotations

from collections.abc import Iterable

SCOPES: dict[str, tuple[str, frozenset[str]]] = {
    "leads:read": (
        "Read leads",
        frozenset(
            {
                "leads.view_lead",
                "leads.view_leadmail",
                "leads.view_mailtemplate",
                "leads.view_sequence",
                "leads.view_enrolment",
                "leads.view_task",
                "users.view_all_leads",
            }
        ),
    ),
    "leads:write": (
        "Enter, change and assign leads",
        frozenset(
            {
                "leads.add_lead",
                "leads.change_lead",
                "leads.add_task",
                "leads.change_task",
                "users.manage_leads",
            }
        ),
    ),
    "leads:mail": (
        "Send mails to leads, begin and end follow-up sequences",
        frozenset({"leads.add_leadmail", "leads.change_enrolment"}),
    ),
    "leads:delete": ("Delete leads", frozenset({"leads.delete_lead"})),
    "data:export": ("Export lists of personal data", frozenset({"users.export_data"})),
    "analytics:read": ("Read the analytics", frozenset({"users.view_analytics"})),
    "revenue:read": ("Read what leads are worth", frozenset({"users.view_revenue"})),
    "b2b:read": (
        "Read buyers, sales, deliveries and alerts",
        frozenset(
            {
                "b2b.view_platform",
                "b2b.view_sale",
                "b2b.view_delivery",
                "b2b.view_platformalert",
            }
        ),
    ),
    "b2b:write": (
        "Sell leads, set up buyers, acknowledge alerts",
        frozenset(
            {
                "b2b.add_platform",
                "b2b.change_platform",
                "b2b.add_sale",
                "b2b.change_platformalert",
                "leads.view_lead",
                "users.view_all_leads",
            }
        ),
    ),
    "b2b:feedback": ("Enter feedback of buyers", frozenset({"b2b.add_buyerfeedback"})),
    "system:read": ("Read health, load and failures", frozenset({"users.view_system"})),
}


def scopes_permissions(scopes: Iterable[str]) -> frozenset[str]:
    """The permissions that scopes name together. A scope that is no more names none."""
    return frozenset().union(*(SCOPES[scope][1] for scope in scopes if scope in SCOPES))
