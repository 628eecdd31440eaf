"""What of a day was missed is one question, asked by the night that counts and by head office that looks."""

from pathlib import Path

from django.db import migrations

MADE = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("desk", "0015_closed_cases")]
    operations = [
        migrations.RunSQL(MADE, "DROP FUNCTION desk_judged(date, timestamptz, timestamptz)")
    ]
