from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("base", "0002_cache")]
    operations = [
        migrations.AddField("idempotent", "shown", models.JSONField(null=True)),
    ]
