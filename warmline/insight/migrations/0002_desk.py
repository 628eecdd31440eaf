from pathlib import Path

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("insight", "0001_books"), ("desk", "0007_reckoning_omitted")]
    operations = [
        migrations.RunSQL(
            sql=Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
            reverse_sql="DROP FUNCTION insight_desk_cases(timestamptz)",
        )
    ]
