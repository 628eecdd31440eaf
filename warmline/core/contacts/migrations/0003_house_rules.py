from django.db import migrations

from warmline.core.contacts.house_rules import install


def write(apps, schema_editor):
    install(apps.get_model("contacts", "Budget"), apps.get_model("contacts", "QuietHours"))


class Migration(migrations.Migration):
    dependencies = [("contacts", "0002_append_only")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
