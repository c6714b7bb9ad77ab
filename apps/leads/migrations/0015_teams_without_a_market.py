from django.db import migrations


class Migration(migrations.Migration):
    """Which leads a team gets is said by the rules alone."""

    dependencies = [("leads", "0014_pools_become_rules")]

    operations = [
        migrations.RemoveField(
            model_name="assignmentpool",
            name="last_assigned",
        ),
        migrations.RemoveField(
            model_name="assignmentpool",
            name="market",
        ),
        migrations.RemoveField(
            model_name="assignmentpool",
            name="strategy",
        ),
    ]
