"""Each pool of a market becomes a rule of the first version; nobody loses their turn.

What was given to whom so far is read from the timeline, for the limits that count it.
"""

from uuid import UUID

from django.db import migrations
from django.utils import timezone

_AT_ONCE = 2000


def pools_to_rules(apps, schema_editor):
    pools = list(apps.get_model("leads", "AssignmentPool").objects.order_by("pk"))
    if not pools:
        return
    rule_set = apps.get_model("leads", "RuleSet").objects.create(
        version=1,
        state="live",
        back_to_owner=False,
        note="The pools of the markets, as they were.",
        live_from=timezone.now(),
    )
    rules = apps.get_model("leads", "AssignmentRule").objects
    for position, pool in enumerate(pools, start=1):
        rules.create(
            rule_set=rule_set,
            position=position,
            name=pool.name,
            conditions={"market": [pool.market_id]},
            strategy=pool.strategy,
            pool=pool,
        )
        pool.turns = _turns(pool)
        pool.save(update_fields=["turns"])


def _turns(pool):
    """Where a team stands when the turn of `last_assigned` has just been."""
    members = pool.members.filter(is_active=True, user__is_active=True)
    keys = sorted(members.values_list("user", flat=True))
    taken = sum(key <= pool.last_assigned_id for key in keys) if pool.last_assigned_id else 0
    owed = {str(key): taken - (len(keys) if place < taken else 0) for place, key in enumerate(keys)}
    return {"owed": owed, "last": pool.last_assigned_id}


def assignments_from_the_timeline(apps, schema_editor):
    people = dict(apps.get_model("users", "User").objects.values_list("public_id", "pk"))
    assignment = apps.get_model("leads", "LeadAssignment")
    lines = apps.get_model("leads", "LeadActivity").objects.filter(kind="assigned").order_by("pk")
    rows = []
    for line in lines.iterator(chunk_size=_AT_ONCE):
        person = people.get(_id(line.data.get("user")))
        if person is not None:
            rows.append(
                assignment(
                    lead_id=line.lead_id,
                    user_id=person,
                    given_by_id=line.actor_id,
                    created_at=line.created_at,
                )
            )
        if len(rows) >= _AT_ONCE:
            assignment.objects.bulk_create(rows)
            rows = []
    assignment.objects.bulk_create(rows)


def _id(text):
    try:
        return UUID(str(text))
    except ValueError:
        return None


class Migration(migrations.Migration):
    dependencies = [("leads", "0013_assignment_rules")]

    operations = [
        migrations.RunPython(pools_to_rules, migrations.RunPython.noop),
        migrations.RunPython(assignments_from_the_timeline, migrations.RunPython.noop),
    ]
