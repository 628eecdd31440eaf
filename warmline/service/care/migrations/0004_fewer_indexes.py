import django.db.models.deletion
from django.db import migrations, models


def unindexed(to: str, **more: str) -> models.ForeignKey:
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, to=to, **more
    )


class Migration(migrations.Migration):
    dependencies = [("care", "0003_night")]
    operations = [
        migrations.AlterField(
            model_name="runout",
            name="household",
            field=unindexed("people.household", related_name="run_outs"),
        ),
        migrations.AlterField(
            model_name="runout",
            name="category",
            field=unindexed("catalog.category", related_name="+"),
        ),
    ]
