"""What head office does with codes: papers with files, who printed and voided, what is packed; who took an oddity up."""

import django.db.models.deletion
import warmline.base.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("trace", "0004_recall_playbook"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content", models.BinaryField()),
                ("mime", models.CharField(max_length=40)),
                ("put_in_at", models.DateTimeField(default=warmline.base.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="codebatch",
            name="filled",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="codebatch",
            name="packed",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="codebatch",
            name="printed_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="codebatch",
            name="voided_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="codebatch",
            name="voided_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="oddity",
            name="area",
            field=models.CharField(blank=True, max_length=6),
        ),
        migrations.AddField(
            model_name="oddity",
            name="taken_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="oddity",
            name="taken_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="oddity",
            name="status",
            field=models.CharField(
                choices=[("open", "Open"), ("taken", "Taken up"), ("settled", "Settled")],
                default="open",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="codebatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("filled__lte", models.F("active")), ("packed__lte", models.F("active"))
                ),
                name="trace_batch_packed",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="certificate",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="paper",
                to="trace.certificate",
            ),
        ),
        migrations.AddField(
            model_name="paper",
            name="put_in_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="place",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="trace.place"
            ),
        ),
        migrations.AddField(
            model_name="post",
            name="staff",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="post",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
