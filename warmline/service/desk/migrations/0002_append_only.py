from django.db import migrations

from warmline.base.grants import append_only
from warmline.service.desk import builtin


def begin(apps, _schema):
    builtin.install(apps.get_model("desk", "CaseKind"), apps.get_model("desk", "Department"))


class Migration(migrations.Migration):
    dependencies = [("desk", "0001_initial")]
    operations = [
        append_only("desk_caseevent"),
        append_only("desk_arrival", but="household_id"),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
