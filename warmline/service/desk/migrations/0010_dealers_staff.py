"""A role for who works at a dealer: scans there, and sees no family."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("desk", "0009_finding_out"),
    ]

    operations = [
        migrations.AlterField(
            model_name="authority",
            name="role",
            field=models.CharField(
                choices=[
                    ("guide", "Guide"),
                    ("manager", "Store manager"),
                    ("agent", "Service agent"),
                    ("logistics", "Logistics specialist"),
                    ("dealer", "Dealer's staff"),
                    ("hq", "Head office"),
                    ("auditor", "Auditor"),
                ],
                max_length=10,
            ),
        ),
    ]
