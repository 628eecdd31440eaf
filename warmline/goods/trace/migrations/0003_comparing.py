from pathlib import Path

from django.db import migrations

COMPARING = Path(__file__).parent.parent / "sql" / "comparing.sql"


class Migration(migrations.Migration):
    dependencies = [("trace", "0002_recalls")]
    operations = [
        migrations.RunSQL(
            COMPARING.read_text(encoding="utf-8"),
            "DROP FUNCTION trace_field_compares(jsonb, text, text, text, text)",
        )
    ]
