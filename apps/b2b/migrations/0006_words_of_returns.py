import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("b2b", "0005_routes_remember_how_they_were_asked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="platform",
            name="return_percent_max",
            field=models.PositiveSmallIntegerField(
                default=10,
                help_text="As agreed, of the leads of a month.",
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(100),
                ],
            ),
        ),
        migrations.AlterField(
            model_name="platform",
            name="return_reasons",
            field=models.JSONField(
                blank=True,
                default=list,
                help_text="As agreed: what a lead may be returned for.",
            ),
        ),
        migrations.AlterField(
            model_name="platform",
            name="return_window_hours",
            field=models.PositiveSmallIntegerField(
                default=72,
                help_text="As agreed. Kept for your own use: returns are not taken here.",
            ),
        ),
        migrations.AlterField(
            model_name="sale",
            name="release_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "—"),
                    ("rejected", "The buyer rejected it"),
                    ("duplicate", "The buyer has this person already"),
                    ("undeliverable", "It could not be delivered"),
                    ("suppressed", "The person must not be contacted any more"),
                ],
                default="",
                max_length=20,
            ),
        ),
    ]
