import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0002_built_in_categories"),
        ("desk", "0008_inbox_indexes"),
        ("people", "0003_frozen_babies_and_region_managers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="case",
            name="fault_store",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.store",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="sop",
            field=models.CharField(blank=True, db_default="", max_length=60),
        ),
        migrations.AddField(
            model_name="prevention",
            name="case",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="preventions",
                to="desk.case",
            ),
        ),
        migrations.AddField(
            model_name="prevention",
            name="done_words",
            field=models.CharField(blank=True, db_default="", max_length=500),
        ),
        migrations.AddField(
            model_name="prevention",
            name="made_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="prevention",
            name="reminded_on",
            field=models.DateField(null=True),
        ),
        migrations.AlterField(
            model_name="case",
            name="cause",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="cases",
                to="desk.cause",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("lot", ""), _negated=True),
                fields=["lot", "-opened_at"],
                name="desk_case_of_lot",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("product__isnull", False)),
                fields=["product", "-opened_at"],
                name="desk_case_of_product",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("cause__isnull", False)),
                fields=["cause", "-opened_at"],
                name="desk_case_of_cause",
            ),
        ),
    ]
