from django.db import migrations

from warmline.base.grants import append_only


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]
    operations = [
        append_only("people_consent", but="household_id"),
        append_only("people_reading"),
    ]
