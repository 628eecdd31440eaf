"""A letter says which letters it answers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("contacts", "0006_messages_to_strangers"),
    ]

    operations = [
        migrations.AddField(
            model_name="message",
            name="thread",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
