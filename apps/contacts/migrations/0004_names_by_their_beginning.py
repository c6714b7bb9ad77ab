"""The indexes behind the search for people: how first and last names begin, in any case.

On the expression of Django's `istartswith`, and for LIKE; SQLite searches without.
"""

from django.db import migrations

NAMES = ("first_name", "last_name")


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in NAMES:
            schema_editor.execute(
                f"CREATE INDEX contacts_by_{name} ON contacts_contact"
                f" (upper({name}) text_pattern_ops)"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in NAMES:
            schema_editor.execute(f"DROP INDEX contacts_by_{name}")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_contact_merged_into")]
    operations = [migrations.RunPython(make, drop)]
