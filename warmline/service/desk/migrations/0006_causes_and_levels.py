from django.db import migrations

from warmline.base.grants import append_only
from warmline.service.desk import builtin


def begin(apps, _schema):
    builtin.install_more(apps.get_model("desk", "Cause"), apps.get_model("desk", "Authority"))


class Migration(migrations.Migration):
    dependencies = [("desk", "0005_authority_and_causes")]
    operations = [
        append_only("desk_channelline"),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
