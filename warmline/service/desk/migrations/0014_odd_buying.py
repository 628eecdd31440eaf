"""A kind of case that only we raise: odd buying."""

from django.db import migrations

from warmline.service.desk import builtin


def begin(apps, _schema):
    builtin.install_internal(apps.get_model("desk", "CaseKind"), "abnormal")


class Migration(migrations.Migration):
    dependencies = [("desk", "0013_freezes")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop)]
