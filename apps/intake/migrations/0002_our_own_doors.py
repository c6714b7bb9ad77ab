"""The sources that the product itself brings: its doors."""

from django.db import migrations

SOURCES = [
    ("website-form", "Website form", "emailjs", "Contact, quote and service forms of the web site"),
    ("chatbot", "Chatbot", "chatbot", "Conversations with the site's chatbot"),
    ("solar-calculator", "Solar Calculator", "calculator", "Visitors who computed and want a call"),
    ("api", "API", "api", "Entered by our own people and programs"),
]


def create(apps, schema_editor):
    source = apps.get_model("intake", "LeadSource")
    for slug, name, kind, description in SOURCES:
        source.objects.get_or_create(
            slug=slug, defaults={"name": name, "kind": kind, "description": description}
        )


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
