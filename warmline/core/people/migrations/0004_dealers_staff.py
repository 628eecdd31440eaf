"""A role for who works at a dealer: scans there, and sees no family."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_frozen_babies_and_region_managers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="staff",
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
                default="guide",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            model_name="token",
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
