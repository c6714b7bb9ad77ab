from decimal import Decimal

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("b2b", "0009_counts_of_caps_are_found_by_period"),
    ]

    operations = [
        migrations.AlterField(
            model_name="platform",
            name="bid",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Stands in place of the base price of its tier.",
                max_digits=10,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AlterField(
            model_name="platform",
            name="commission",
            field=models.DecimalField(
                decimal_places=2,
                default=Decimal("0"),
                help_text="What the buyer keeps of the price of a lead it accepted.",
                max_digits=8,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
        migrations.AlterField(
            model_name="platform",
            name="credit_limit",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="On invoice: how much it may owe. Empty: no limit.",
                max_digits=12,
                null=True,
                validators=[django.core.validators.MinValueValidator(0)],
            ),
        ),
    ]
