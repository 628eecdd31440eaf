from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contacts", "0003_house_rules")]
    operations = [
        migrations.AddIndex(
            "message",
            models.Index(
                fields=["run_at", "id"],
                name="message_uncertain",
                condition=models.Q(status="uncertain"),
            ),
        ),
    ]
