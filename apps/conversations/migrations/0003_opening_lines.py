import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0002_a_speaker_is_not_asked_for_several_reasons"),
        ("solar", "0002_calculator_tables"),
    ]

    operations = [
        migrations.CreateModel(
            name="OpeningLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True)),
                (
                    "language",
                    models.CharField(
                        choices=[("en", "English"), ("es", "Spanish"), ("hi", "Hindi")],
                        default="en",
                        max_length=2,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                ("suggestions", models.JSONField(blank=True, default=list)),
                (
                    "weight",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="Its share beside the others'; 0 is not shown to new visitors.",
                    ),
                ),
                ("starts_on", models.DateField()),
                (
                    "ends_on",
                    models.DateField(blank=True, help_text="The last day it is shown.", null=True),
                ),
                ("is_sample", models.BooleanField(default=False, editable=False)),
                (
                    "market",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="solar.market",
                    ),
                ),
            ],
            options={
                "ordering": ("market", "language", "starts_on", "id"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on", None),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="conversations_opening_ends_after_it_begins",
                        violation_error_message="It must end after it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("weight__lte", 100)),
                        name="conversations_opening_weight_is_a_share",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("opening", ""), _negated=True),
                fields=["opening", "started_at"],
                name="conversations_by_opening",
            ),
        ),
    ]
