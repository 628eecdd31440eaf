from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0010_dealers_staff"),
    ]

    operations = [
        migrations.AddField(
            model_name="casekind",
            name="is_internal",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
