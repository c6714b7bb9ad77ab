"""PostgreSQL itself refuses to change a line of the consent ledger.

Deleting stays possible for the database's owner: a person may ask to be erased.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION contacts_consent_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The consent ledger is only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER contacts_consent_is_append_only BEFORE UPDATE ON contacts_consent
    FOR EACH ROW EXECUTE FUNCTION contacts_consent_is_append_only();
"""
BACKWARD = """
DROP TRIGGER contacts_consent_is_append_only ON contacts_consent;
DROP FUNCTION contacts_consent_is_append_only();
"""


def _run(sql):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD))]
