from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0004_message_uncertain")]
    operations = [
        migrations.AddField(
            "attempt", "number", models.PositiveSmallIntegerField(default=1), preserve_default=True
        ),
        migrations.RemoveIndex("message", "message_sending"),
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["owner_id"],
                name="message_owned",
                condition=models.Q(owner_id__isnull=False),
            ),
        ),
    ]
