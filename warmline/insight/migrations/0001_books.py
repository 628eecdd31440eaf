from pathlib import Path

from django.db import migrations

BOOKS = "promises contacts sales run_outs readings messages"


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_frozen_babies_and_region_managers"),
        ("promises", "0001_initial"),
        ("contacts", "0005_attempt_number"),
        ("catalog", "0002_built_in_categories"),
        ("sales", "0002_unnamed_lines"),
        ("care", "0002_append_only"),
    ]
    operations = [
        migrations.RunSQL(
            sql=Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            reverse_sql=[f"DROP VIEW books_{name}" for name in BOOKS.split()],
        )
    ]
