"""What can be asked about the views people saved of the list of leads."""

from __future__ import annotations

from django.db.models import Q

from apps.leads.models import SavedView
from apps.users.models import User

_MOST_VIEWS = 40


def views_of(user: User) -> list[SavedView]:
    """The saved views somebody has: their own, then what others share."""
    views = SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner")
    return sorted(views[:_MOST_VIEWS], key=lambda view: view.owner_id != user.pk)


def view_opening(user: User) -> SavedView | None:
    """What somebody's list opens with: their own default, else that of their role."""
    own = Q(owner=user, is_default=True)
    found = SavedView.objects.filter(own | Q(is_shared=True, default_for=user.role))
    ranked = sorted(found, key=lambda view: not (view.owner_id == user.pk and view.is_default))
    return ranked[0] if ranked else None
