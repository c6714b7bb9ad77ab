"""The table of roles is the truth, in the groups and everywhere a right is asked for."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from apps.users import actions
from apps.users.actions import roles_sync
from apps.users.models import Role
from apps.users.roles import ROLE_PERMISSIONS
from apps.users.selectors import people_who_may
from tests.factories.users import make_user


def held() -> dict[str, set[str]]:
    return {
        group.name: {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
        for group in Group.objects.prefetch_related("permissions__content_type")
    }


def test_every_role_has_a_row() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role.values)


def test_the_groups_hold_what_the_table_says(db) -> None:
    Group.objects.get(name="sales").permissions.set(Permission.objects.all()[:5])
    Group.objects.get(name="manager").permissions.clear()
    call_command("sync_roles")
    call_command("sync_roles")
    assert held() == {str(role): names for role, names in ROLE_PERMISSIONS.items()}


def test_a_right_that_does_not_exist_is_said_and_changes_nothing(db, monkeypatch) -> None:
    before = held()
    wrong = {Role.SALES: {"leads.view_lead"}, Role.MANAGER: {"leads.view_laed"}}
    monkeypatch.setattr(actions, "ROLE_PERMISSIONS", wrong)
    with pytest.raises(RuntimeError, match=r"leads\.view_laed"):
        roles_sync()
    assert held() == before


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.ADMIN])
def test_everybody_may_do_what_their_row_says_and_no_more(role: str, db) -> None:
    user = make_user("x", role=role)
    assert user.get_all_permissions() == ROLE_PERMISSIONS[role]
    everything = {right for rights in ROLE_PERMISSIONS.values() for right in rights}
    assert {right for right in everything if user.has_perm(right)} == ROLE_PERMISSIONS[role]


def test_the_admin_may_do_everything(ana) -> None:
    assert ana.is_superuser
    assert ana.has_perm("anything.at_all")


@pytest.mark.parametrize("role", Role.values)
def test_everybody_but_a_buyer_is_staff(role: str, db) -> None:
    user = make_user("x", role=role)
    assert user.is_staff is (role != Role.BUYER)
    assert user.is_superuser is (role == Role.ADMIN)


def test_somebody_who_left_may_do_nothing(mia) -> None:
    mia.is_active = False
    assert not mia.has_perm("leads.view_lead")
    assert mia.get_all_permissions() == set()


def test_a_right_given_to_one_person_is_theirs_alone(sam, sue) -> None:
    sam.user_permissions.add(Permission.objects.get(codename="export_data"))
    assert sam.has_perm("users.export_data")
    assert not sue.has_perm("users.export_data")
    assert sam.has_perm("leads.view_lead")


def test_nobody_may_do_nothing(db) -> None:
    from django.contrib.auth.models import AnonymousUser

    assert not AnonymousUser().has_perm("leads.view_lead")


def test_people_are_found_by_what_they_may_do(ana, mia, sam, sue, bea) -> None:
    sue.user_permissions.add(Permission.objects.get(codename="replay_events"))
    assert people_who_may("users.replay_events") == [ana.pk, mia.pk, sue.pk]
    mia.is_active = False
    mia.save()
    assert people_who_may("users.replay_events") == [ana.pk, sue.pk]
