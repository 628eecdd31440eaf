from django.db import migrations

from warmline.base.grants import append_only


class Migration(migrations.Migration):
    dependencies = [("contacts", "0001_initial")]
    operations = [
        append_only("contacts_contact", but="household_id"),
        append_only("contacts_attempt"),
    ]
