"""The rates are of what was asked of us; what we raised ourselves is left out."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
NEW = (HERE / "0003_internal.sql").read_text(encoding="utf-8")
OLD = (HERE / "0002_desk.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("insight", "0002_desk"), ("desk", "0011_internal_kinds")]
    operations = [
        migrations.RunSQL(NEW, OLD.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    ]
