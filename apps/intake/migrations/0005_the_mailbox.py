"""The source of mails that are sent to us. Its key opens the e-mail door: issue one to use it."""

from django.db import migrations


def create(apps, schema_editor):
    apps.get_model("intake", "LeadSource").objects.get_or_create(
        slug="mailbox",
        defaults={"name": "E-mail", "kind": "email", "description": "Mails that people send to us"},
    )


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_email_sources")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
