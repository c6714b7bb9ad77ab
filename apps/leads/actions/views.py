"""Saved views: kept, changed and dropped by whoever they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from apps.core.errors import InvalidInput, NotFound, PermissionRefused
from apps.leads.models import SavedView
from apps.leads.view_parameters import parameters_read
from apps.users.models import Role, User

LEAD_COLUMNS = {
    "score_mark": "Score",
    "status_mark": "Status",
    "answer": "First answer",
    "source": "Source",
    "place": "Territory",
    "bill": "Monthly bill",
    "owner": "Assigned to",
    "came": "Came in",
}
_MOST_OF_ONE = 30


@transaction.atomic
def view_save(
    *,
    owner: User,
    name: str,
    parameters: Mapping[str, Any],
    now: datetime,
    columns: Sequence[str] = (),
    is_default: bool = False,
    is_shared: bool = False,
    default_for: str = "",
) -> SavedView:
    """Keep a view under its name; one of theirs with this name is replaced.

    Raises InvalidInput for what is no view, PermissionRefused when somebody shares one who does
    not manage leads.
    """
    views = SavedView.objects.select_for_update().filter(owner=owner)
    view = views.filter(name=name.strip()).first()
    if view is None:
        if views.count() >= _MOST_OF_ONE:
            raise InvalidInput(f"You have {_MOST_OF_ONE} views: delete one first.")
        view = SavedView(owner=owner, position=views.count() + 1, created_at=now)
    return _keep(
        view,
        {
            "name": name,
            "parameters": parameters,
            "columns": columns,
            "is_default": is_default,
            "is_shared": is_shared,
            "default_for": default_for,
        },
    )


@transaction.atomic
def view_change(view_id: UUID, *, owner: User, **changes: Any) -> SavedView:
    """Change what is named of a view. Raises NotFound for one that is not theirs, else as above."""
    return _keep(_own(view_id, owner), changes)


@transaction.atomic
def view_delete(view_id: UUID, *, owner: User) -> None:
    """Drop a view. Raises NotFound for one that is not theirs."""
    _own(view_id, owner).delete()


def _own(view_id: UUID, owner: User) -> SavedView:
    view = SavedView.objects.select_for_update().filter(public_id=view_id, owner=owner).first()
    if view is None:
        raise NotFound("You have no such view.")
    return view


def _keep(view: SavedView, changes: Mapping[str, Any]) -> SavedView:
    for name, value in changes.items():
        setattr(view, name, value)
    view.name = str(view.name).strip()
    view.parameters = parameters_read(view.parameters)
    view.columns = [column for column in LEAD_COLUMNS if column in view.columns]
    view.is_shared = view.is_shared or bool(view.default_for)
    _refuse(view)
    others = SavedView.objects.exclude(pk=view.pk)
    if view.is_default:
        others.filter(owner=view.owner, is_default=True).update(is_default=False)
    if view.default_for:
        others.filter(default_for=view.default_for).update(default_for="")
    view.save()
    return view


def _refuse(view: SavedView) -> None:
    if not view.name or len(view.name) > 60:
        raise InvalidInput(
            "A view needs a name of at most 60 characters.",
            details={"name": ["Give it a name of at most 60 characters."]},
        )
    namesakes = SavedView.objects.filter(owner=view.owner, name=view.name).exclude(pk=view.pk)
    if namesakes.exists():
        raise InvalidInput(details={"name": ["You have a view of this name."]})
    if view.default_for and view.default_for not in Role.values:
        raise InvalidInput(details={"default_for": ["There is no such role."]})
    if view.is_shared and not view.owner.has_perm("users.manage_leads"):
        raise PermissionRefused("Only who manages leads shares a view.")
