"""The prices of the requirements, as the first version of the pricing policy."""

from django.db import migrations

from apps.b2b.pricing import FIRST_POLICY, FIRST_VERSION


def create(apps, schema_editor):
    apps.get_model("b2b", "PricingPolicy").objects.get_or_create(
        version=FIRST_VERSION,
        defaults={
            "parameters": FIRST_POLICY,
            "is_active": True,
            "note": "The prices of the requirements",
        },
    )


class Migration(migrations.Migration):
    dependencies = [("b2b", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
