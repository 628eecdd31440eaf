from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_append_only")]
    operations = [
        migrations.AddField(
            "task",
            "is_alone",
            models.BooleanField(db_default=False),
        ),
        migrations.AddIndex(
            "task",
            models.Index(
                fields=["run_at", "id"],
                name="journal_task_alone",
                condition=models.Q(status="ready", is_alone=True),
            ),
        ),
    ]
