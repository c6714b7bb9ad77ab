"""The index behind `leads.search` again, of letters without their accents."""

from django.db import migrations

TEXT = (
    "coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || "
    "coalesce(company, '') || ' ' || coalesce(city, '') || ' ' || coalesce(postal_code, '')"
)
PLAIN = rf"normalize(regexp_replace(normalize({TEXT}, NFD), '[\u0300-\u036f]', '', 'g'), NFC)"


def _indexed(text):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute("DROP INDEX leads_search")
            schema_editor.execute(
                "CREATE INDEX leads_search ON leads_lead"
                f" USING gin (to_tsvector('simple'::regconfig, {text}))"
            )

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("leads", "0020_figures_of_a_lead_are_not_negative")]
    operations = [migrations.RunPython(_indexed(PLAIN), _indexed(TEXT))]
