from django.db import migrations

from warmline.base.grants import append_only


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [
        append_only("journal_entry"),
    ]
