from django.db import migrations, models


class Migration(migrations.Migration):
    """Lines whose code the catalogue did not know are found when it does."""

    dependencies = [("sales", "0001_initial")]
    operations = [
        migrations.AddIndex(
            model_name="saleline",
            index=models.Index(
                fields=["code"],
                name="sales_line_unnamed",
                condition=models.Q(product__isnull=True),
            ),
        )
    ]
