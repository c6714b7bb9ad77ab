"""PostgreSQL itself refuses to change an entry of the ledger.

Deleting stays possible for the database's owner: demo data goes again.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The ledger is only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_is_append_only BEFORE UPDATE ON ledger_revenuetransaction
    FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only();
"""
BACKWARD = """
DROP TRIGGER ledger_is_append_only ON ledger_revenuetransaction;
DROP FUNCTION ledger_is_append_only();
"""


def _run(sql):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]
    operations = [migrations.RunPython(_run(FORWARD), _run(BACKWARD))]
