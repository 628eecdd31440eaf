import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import warmline.base.clock
import warmline.base.crypto


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0003_frozen_babies_and_region_managers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Progress",
            fields=[
                ("import_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("stage", models.CharField(max_length=12)),
                ("done", models.BigIntegerField(default=0)),
                ("total", models.BigIntegerField(default=0)),
                ("at", models.DateTimeField(default=warmline.base.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="Import",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("sha256", models.BinaryField(max_length=32)),
                ("size", models.BigIntegerField()),
                ("rows", models.BigIntegerField(default=0)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("members", "Members"),
                            ("babies", "Babies"),
                            ("products", "Products"),
                            ("sales", "Sales"),
                            ("stores", "Stores"),
                            ("staff", "Staff"),
                        ],
                        max_length=10,
                    ),
                ),
                ("sheet", models.CharField(blank=True, max_length=100)),
                ("heads", models.JSONField(default=list)),
                ("columns", models.JSONField(default=dict)),
                ("source", models.CharField(default="import", max_length=30)),
                (
                    "numbering",
                    models.CharField(
                        choices=[
                            ("chain", "Every receipt of the chain has its own number"),
                            ("store", "Each store counts its own receipts"),
                            ("day", "Each store starts anew every day"),
                        ],
                        default="chain",
                        max_length=5,
                    ),
                ),
                ("has_consent", models.BooleanField(default=False)),
                ("evidence", models.CharField(blank=True, max_length=200)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("uploaded", "Uploaded"),
                            ("checking", "Being tried out"),
                            ("checked", "Tried out"),
                            ("committing", "Being imported"),
                            ("committed", "Imported"),
                            ("undoing", "Being taken back"),
                            ("undone", "Taken back"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                        ],
                        default="uploaded",
                        max_length=10,
                    ),
                ),
                ("counts", models.JSONField(default=dict)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("facts", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=warmline.base.clock.now)),
                ("checked_at", models.DateTimeField(null=True)),
                ("committed_at", models.DateTimeField(null=True)),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "store",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.store",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Finding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("bad", "To mend"),
                            ("warned", "To look at"),
                            ("skipped", "Left out"),
                        ],
                        max_length=7,
                    ),
                ),
                ("row", models.IntegerField()),
                ("field", models.CharField(blank=True, max_length=20)),
                ("reason", models.CharField(max_length=300)),
                ("facts", models.JSONField(default=dict)),
                ("cell", warmline.base.crypto.EncryptedTextField(blank=True, default=b"")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="findings",
                        to="intake.import",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FilePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("nth", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parts",
                        to="intake.import",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("table", models.CharField(max_length=40)),
                ("row_id", models.BigIntegerField()),
                ("was", warmline.base.crypto.EncryptedTextField(blank=True, default=b"")),
                (
                    "of",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="intake.import",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SavedMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shape", models.BinaryField(max_length=32, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("members", "Members"),
                            ("babies", "Babies"),
                            ("products", "Products"),
                            ("sales", "Sales"),
                            ("stores", "Stores"),
                            ("staff", "Staff"),
                        ],
                        max_length=10,
                    ),
                ),
                ("columns", models.JSONField()),
                ("source", models.CharField(max_length=30)),
                (
                    "numbering",
                    models.CharField(
                        choices=[
                            ("chain", "Every receipt of the chain has its own number"),
                            ("store", "Each store counts its own receipts"),
                            ("day", "Each store starts anew every day"),
                        ],
                        max_length=5,
                    ),
                ),
                ("saved_at", models.DateTimeField(default=warmline.base.clock.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="import",
            index=models.Index(fields=["sha256"], name="intake_same_file"),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("has_consent", False),
                    models.Q(("evidence", ""), _negated=True),
                    _connector="OR",
                ),
                name="intake_consent_has_evidence",
            ),
        ),
        migrations.AddIndex(
            model_name="finding",
            index=models.Index(fields=["of", "level", "row"], name="intake_finding_list"),
        ),
        migrations.AddConstraint(
            model_name="filepart",
            constraint=models.UniqueConstraint(fields=("of", "nth"), name="intake_part_once"),
        ),
        migrations.AddIndex(
            model_name="change",
            index=models.Index(fields=["of", "table"], name="intake_change_of"),
        ),
    ]
