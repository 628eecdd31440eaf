"""What we tell each other is no delivery and no recall: those messages get a purpose of their own."""

from typing import Any

from django.db import migrations, models


def rename(apps: Any, _editor: Any) -> None:
    messages = apps.get_model("contacts", "Message").objects
    messages.filter(staff__isnull=False, household__isnull=True).update(purpose="colleague")


def back(apps: Any, _editor: Any) -> None:
    messages = apps.get_model("contacts", "Message").objects
    messages.filter(purpose="colleague").update(purpose="logistics")


class Migration(migrations.Migration):
    dependencies = [("contacts", "0007_letters_in_a_thread")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("recall", "Recall"),
                    ("logistics", "Delivery"),
                    ("service", "Service"),
                    ("care", "Care"),
                    ("survey", "Survey"),
                    ("sales", "Offer"),
                    ("colleague", "To a colleague"),
                ],
                max_length=10,
            ),
        ),
        migrations.RunPython(rename, back),
    ]
