"""The playbook of recalls, for chains that had their playbooks before there was one."""

from django.db import migrations

from warmline.core.playbooks.builtin import install


def write(apps, schema_editor):
    install(apps.get_model("playbooks", "Playbook"), apps.get_model("promises", "Script"))


class Migration(migrations.Migration):
    dependencies = [("trace", "0003_comparing"), ("playbooks", "0003_rounds")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
