from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_staging"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="looked_as",
            field=models.CharField(blank=True, max_length=10),
        ),
    ]
