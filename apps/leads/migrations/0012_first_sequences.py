"""Two sequences to begin with. Put away what you do not want: this runs once."""

from datetime import time

from django.db import migrations

# key, name, description, then each step: wait in office days, hour, template or words of a call
SEQUENCES = [
    (
        "nobody-reached",
        "Nobody was reached",
        "After a first call that nobody took: a mail, another call, a last question.",
        [
            (0, time(17), "could-not-reach-you", ""),
            (2, time(10), "", "Call again: no answer to our mail yet"),
            (5, time(9, 30), "still-thinking", ""),
        ],
    ),
    (
        "after-the-estimate",
        "After the estimate",
        "Figures are out; does the board or the roof stand in the way?",
        [
            (1, time(10), "your-estimate", ""),
            (3, time(11), "", "Call: which figure do they wonder about?"),
            (7, time(10), "still-thinking", ""),
        ],
    ),
]


def create(apps, schema_editor):
    templates = {one.key: one for one in apps.get_model("leads", "MailTemplate").objects.all()}
    steps = apps.get_model("leads", "SequenceStep").objects
    for key, name, description, planned in SEQUENCES:
        sequence, is_new = apps.get_model("leads", "Sequence").objects.get_or_create(
            key=key, defaults={"name": name, "description": description}
        )
        if not is_new:
            continue
        for position, (wait, at, template, title) in enumerate(planned, start=1):
            if template and template not in templates:
                continue
            steps.create(
                sequence=sequence,
                position=position,
                kind="mail" if template else "call",
                wait_days=wait,
                at=at,
                template=templates.get(template),
                title=title,
            )


class Migration(migrations.Migration):
    dependencies = [("leads", "0011_follow_up_sequences")]

    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
