"""What changes people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q

from apps.core.errors import InvalidInput
from apps.core.keys import PREFIX_LENGTH, key_digest, new_key
from apps.users.models import ApiKey, Role, User
from apps.users.roles import ROLE_PERMISSIONS
from apps.users.scopes import SCOPES, scopes_permissions
from apps.users.time_zones import time_zones

PROFILE = ("first_name", "last_name", "phone", "time_zone")
_USE_NOTED_EVERY = timedelta(minutes=1)


def user_apply_role(user: User) -> None:
    """Set the flags that Django's own admin asks for from the role. Does not save."""
    user.is_superuser = user.role == Role.ADMIN
    user.is_staff = user.role != Role.BUYER


@transaction.atomic
def profile_change(user_pk: int, *, stated: Mapping[str, str]) -> User:
    """Keep what somebody says of themselves: `first_name`, `last_name`, `phone`, `time_zone`.

    Raises InvalidInput for what is no time zone.
    """
    zone = stated.get("time_zone", "")
    if zone and zone not in time_zones():
        raise InvalidInput(details={"time_zone": ["There is no such time zone."]})
    user = User.objects.select_for_update().get(pk=user_pk)
    changed = [name for name in PROFILE if name in stated and getattr(user, name) != stated[name]]
    for name in changed:
        setattr(user, name, stated[name])
    if changed:
        user.save(update_fields=changed)
    return user


@transaction.atomic
def roles_sync() -> None:
    """Make the group of every role hold what `roles.py` says. Repeatable.

    Raises RuntimeError for a permission that does not exist: a spelling mistake there would
    silently take a right away.
    """
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, names in ROLE_PERMISSIONS.items():
        if unknown := names - known.keys():
            raise RuntimeError(f"roles.py names unknown permissions: {', '.join(sorted(unknown))}")
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.set([known[name] for name in names])


def api_key_refusals(
    *,
    owner: User,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime | None,
    networks: Sequence[str],
) -> dict[str, list[str]]:
    """Why such a key cannot be, by field: an owner who may hold none, a scope that names nothing
    the owner may do, an end that has passed, what is no network."""
    refused: dict[str, list[str]] = {}
    if not (owner.is_active and owner.is_staff):
        refused["owner"] = ["Only somebody who works here holds keys."]
    if useless := [scope for scope in scopes if not is_good_for(owner, scope)]:
        refused["scopes"] = [f"The role of {owner} has no use for {', '.join(useless)}."]
    elif not scopes:
        refused["scopes"] = ["Choose what the key may do."]
    if expires_at is not None and expires_at <= now:
        refused["expires_at"] = ["This moment has passed."]
    if wrong := [network for network in networks if not _is_network(network)]:
        refused["networks"] = [f"Not an address or network: {', '.join(wrong)}."]
    return refused


@transaction.atomic
def api_key_issue(
    *,
    owner: User,
    name: str,
    scopes: Sequence[str],
    now: datetime,
    expires_at: datetime | None = None,
    networks: Sequence[str] = (),
    requests_per_minute: int | None = None,
    secret: str = "",
) -> tuple[ApiKey, str]:
    """A new key for somebody's program, and the secret: returned once and never shown again.

    `secret` is given by the demo data alone, whose key has to be the same on every start. Raises
    InvalidInput with what `api_key_refusals` finds.
    """
    refused = api_key_refusals(
        owner=owner, scopes=scopes, now=now, expires_at=expires_at, networks=networks
    )
    if refused:
        raise InvalidInput(details=refused)
    secret = secret or new_key("crm")
    key = ApiKey.objects.create(
        owner=owner,
        name=name,
        prefix=secret[:PREFIX_LENGTH],
        digest=key_digest(secret),
        scopes=sorted(scopes),
        networks=list(networks),
        requests_per_minute=requests_per_minute,
        created_at=now,
        expires_at=expires_at,
    )
    return key, secret


@transaction.atomic
def api_key_revoke(key_pk: int, *, now: datetime) -> bool:
    """Take a key away for good. Returns whether it was still one."""
    key = ApiKey.objects.select_for_update().filter(pk=key_pk, revoked_at=None).first()
    if key is None:
        return False
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])  # saved, not updated: the audit trail hears of it
    return True


def api_key_used(key: ApiKey, *, now: datetime) -> None:
    """Remember when a key was last used: at most one write a minute, however busy it is."""
    before = now - _USE_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at < before:
        ApiKey.objects.filter(pk=key.pk).filter(
            Q(last_used_at=None) | Q(last_used_at__lt=before)
        ).update(last_used_at=now)


def is_good_for(owner: User, scope: str) -> bool:
    """Whether a scope names anything that this person may do."""
    return scope in SCOPES and any(owner.has_perm(one) for one in scopes_permissions([scope]))


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True
