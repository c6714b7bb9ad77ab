import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("b2b", "0006_words_of_returns"),
    ]

    operations = [
        migrations.AddField(
            model_name="routedecision",
            name="in_place_of",
            field=models.ForeignKey(
                blank=True,
                help_text="The sale that came to nothing before.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="b2b.sale",
            ),
        ),
        migrations.AddField(
            model_name="sale",
            name="shared_up_to",
            field=models.PositiveSmallIntegerField(
                default=1,
                help_text="How many buyers may have the lead in all, as this one was promised.",
            ),
        ),
    ]
