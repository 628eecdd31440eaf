"""The playbooks that a chain starts with."""

from django.db import migrations

from warmline.core.playbooks.builtin import install


def write(apps, schema_editor):
    install(apps.get_model("playbooks", "Playbook"), apps.get_model("promises", "Script"))


class Migration(migrations.Migration):
    dependencies = [("playbooks", "0001_initial")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
