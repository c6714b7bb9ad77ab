"""The index behind `leads.search`: words of names, company, city and postal code, by prefix.

An index on an expression, so nothing has to keep a column up to date; SQLite searches without.
"""

from django.db import migrations

FORWARD = """
CREATE INDEX leads_search ON leads_lead USING gin (
    to_tsvector('simple'::regconfig,
        coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' ||
        coalesce(company, '') || ' ' || coalesce(city, '') || ' ' || coalesce(postal_code, ''))
)
"""


def _run(sql):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(sql)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunPython(_run(FORWARD), _run("DROP INDEX leads_search"))]
