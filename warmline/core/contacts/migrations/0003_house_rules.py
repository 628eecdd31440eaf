"""The touch budget and quiet hours that a chain starts with; head office may change both."""

from datetime import time

from django.db import migrations

BUDGETS = [  # purpose, attempts, within days, hard
    ("sales", 2, 30, True),
    ("survey", 1, 30, True),
    ("care", 3, 7, False),
    ("service", 6, 7, False),
]


def write(apps, schema_editor):
    Budget = apps.get_model("contacts", "Budget")
    for purpose, tries_max, days, is_hard in BUDGETS:
        Budget.objects.get_or_create(
            purpose=purpose, defaults={"tries_max": tries_max, "days": days, "is_hard": is_hard}
        )
    QuietHours = apps.get_model("contacts", "QuietHours")
    if not QuietHours.objects.exists():
        QuietHours.objects.create(
            begins=time(21), ends=time(8), sales_begins=time(20), sales_ends=time(9)
        )


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_append_only")]
    operations = [
        migrations.RunPython(write, migrations.RunPython.noop),
    ]
