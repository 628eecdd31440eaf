from django.db import migrations

from warmline.base.grants import append_only


class Migration(migrations.Migration):
    dependencies = [("care", "0001_initial")]
    operations = [
        append_only("care_correction", but="household_id"),
    ]
