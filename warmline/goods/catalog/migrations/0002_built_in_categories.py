"""The categories that every mother-and-baby shop has. A chain adds its own beside them."""

from django.db import migrations

BUILT_IN = [
    # code, unit of content, how its use is known, Chinese, English
    ("formula", "g", "formula", "奶粉", "Formula"),
    ("diapers", "piece", "diapers", "纸尿裤", "Diapers"),
    ("wipes", "sheet", "habit", "湿巾", "Wipes"),
    ("baby_food", "g", "habit", "辅食", "Baby food"),
    ("snacks", "g", "habit", "零食", "Snacks"),
    ("nutrition", "piece", "habit", "营养品", "Supplements"),
    ("milk", "ml", "habit", "液态奶", "Milk"),
    ("laundry", "ml", "habit", "洗衣清洁", "Laundry"),
    ("bath", "ml", "habit", "洗护", "Bath and skin care"),
    ("feeding", "", "", "喂养用品", "Bottles and feeding"),
    ("clothes", "", "", "服饰", "Clothes"),
    ("toys", "", "", "玩具", "Toys"),
    ("travel", "", "", "出行寝居", "Strollers and beds"),
    ("maternity", "", "", "孕产妇用品", "For mothers"),
    ("other", "", "", "其他", "Other"),
]


def add(apps, schema_editor):
    category = apps.get_model("catalog", "Category")
    for code, unit, use, chinese, english in BUILT_IN:
        category.objects.get_or_create(
            code=code,
            defaults={"unit": unit, "use": use, "name": {"zh-hans": chinese, "en": english}},
        )


def take_away(apps, schema_editor):
    """Only those that nothing hangs on: a product's category stays."""
    category = apps.get_model("catalog", "Category")
    mine = category.objects.filter(code__in=[row[0] for row in BUILT_IN])
    mine.filter(products__isnull=True).delete()


class Migration(migrations.Migration):
    dependencies = [("catalog", "0001_initial")]
    operations = [migrations.RunPython(add, take_away)]
