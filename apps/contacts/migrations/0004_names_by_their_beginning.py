"""The indexes behind the search for people: how names begin, in any case and without accents.

On the expression of Django's `istartswith`, and for LIKE; SQLite searches without.
"""

from django.db import migrations

NAMES = ("first_name", "last_name")
PLAIN = r"normalize(regexp_replace(normalize({name}, NFD), '[\u0300-\u036f]', '', 'g'), NFC)"


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in NAMES:
            schema_editor.execute(
                f"CREATE INDEX contacts_by_{name} ON contacts_contact"
                f" (upper({PLAIN.format(name=name)}) text_pattern_ops)"
            )


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name in NAMES:
            schema_editor.execute(f"DROP INDEX contacts_by_{name}")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_contact_merged_into")]
    operations = [migrations.RunPython(make, drop)]
