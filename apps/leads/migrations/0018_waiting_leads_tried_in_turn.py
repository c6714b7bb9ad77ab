from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0017_list_indexes")]

    operations = [
        migrations.AddField(
            model_name="waitinglead",
            name="tried_at",
            field=models.DateTimeField(
                blank=True, help_text="When the rules last found nobody.", null=True
            ),
        ),
    ]
