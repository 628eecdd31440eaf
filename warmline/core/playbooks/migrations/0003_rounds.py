from django.db import migrations, models

import warmline.base.clock


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0002_built_in")]
    operations = [
        migrations.CreateModel(
            name="Round",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40)),
                ("zone", models.CharField(max_length=40)),
                ("on", models.DateField()),
                ("began_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(default=warmline.base.clock.now)),
                ("figures", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "zone", "on"), name="playbooks_round_once"
                    )
                ],
            },
        ),
    ]
