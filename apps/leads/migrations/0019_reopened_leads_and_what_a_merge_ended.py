from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("leads", "0018_waiting_leads_tried_in_turn")]

    operations = [
        migrations.AddField(
            model_name="lead",
            name="reopened_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="The clock of the first answer began here again.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="leadmerge",
            name="ended",
            field=models.JSONField(
                default=dict, help_text="What ended with the duplicate, to go on if it is undone."
            ),
        ),
    ]
