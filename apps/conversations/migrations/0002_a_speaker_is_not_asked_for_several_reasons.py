from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="spokenreply",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("said", "Said"),
                    ("refused", "Held back by the check"),
                    ("failed", "No answer"),
                    ("skipped", "Not asked"),
                ],
                max_length=10,
            ),
        ),
    ]
