import django.db.models.deletion
import warmline.base.clock
from warmline.service.care import odd_buying
from django.conf import settings
from django.db import migrations, models


def begin(apps, _schema):
    odd_buying.install(apps.get_model("care", "BuyingRule"))


class Migration(migrations.Migration):
    dependencies = [
        ("care", "0004_fewer_indexes"),
        ("catalog", "0002_built_in_categories"),
        ("people", "0004_dealers_staff"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BuyingRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        choices=[
                            ("hoard", "Far more of one product than the baby uses"),
                            ("card", "The same card many times on one day"),
                            ("staff", "A colleague's own number buys much"),
                            ("returns", "Far more brought back than is usual"),
                        ],
                        max_length=8,
                        unique=True,
                    ),
                ),
                ("is_on", models.BooleanField(default=True)),
                ("days", models.PositiveSmallIntegerField()),
                ("count_max", models.PositiveSmallIntegerField()),
                ("percent_max", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="OddBuying",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("card", models.CharField(blank=True, max_length=40)),
                ("since", models.DateField()),
                ("until", models.DateField()),
                ("figures", models.JSONField(default=dict)),
                ("found_at", models.DateTimeField(default=warmline.base.clock.now)),
                ("case_id", models.BigIntegerField(null=True, unique=True)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("found", "To be looked into"),
                            ("explained", "Explained"),
                            ("confirmed", "Misused, and stopped"),
                        ],
                        default="found",
                        max_length=9,
                    ),
                ),
                ("words", models.CharField(blank=True, max_length=500)),
                ("resolved_at", models.DateTimeField(null=True)),
                (
                    "household",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.household",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="found",
                        to="care.buyingrule",
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.store",
                    ),
                ),
            ],
            options={
                "verbose_name_plural": "odd buyings",
                "indexes": [models.Index(fields=["rule", "until"], name="care_odd_of_rule")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("rule", "household", "card", "staff", "product", "until"),
                        name="care_odd_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("status", "found"),
                            models.Q(
                                models.Q(("words", ""), _negated=True),
                                ("resolved_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="care_odd_resolved_says_how",
                    ),
                ],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
