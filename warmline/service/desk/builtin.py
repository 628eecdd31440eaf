"""What a desk begins with: kinds of matters and departments, both a chain's to change."""

from typing import Any

KINDS = [  # code, Chinese, English, days, is a complaint, a department always hears of it
    ("question", "咨询", "Question", 2, False, False),
    ("complaint", "投诉", "Complaint", 3, True, True),
    ("quality", "商品质量", "Something wrong with goods", 3, True, True),
    ("return", "退换货", "Return or exchange", 2, False, False),
    ("delivery", "配送", "Delivery", 2, False, False),
    ("repair", "维修", "Repair", 3, False, False),
    ("suggestion", "建议", "Suggestion", 3, False, True),
    ("praise", "表扬", "Praise", 2, False, False),
    ("other", "其他", "Something else", 3, False, False),
]
DEPARTMENTS = [
    ("design", "设计", "Design"),
    ("production", "生产", "Production"),
    ("purchasing", "采购", "Purchasing"),
    ("operations", "运营", "Operations"),
    ("training", "培训", "Training"),
]


def install(case_kind: Any, department: Any) -> None:
    """Put in what is not there yet; what a chain changed stays as it is."""
    for place, (code, chinese, english, days, is_complaint, needs) in enumerate(KINDS):
        case_kind.objects.get_or_create(
            code=code,
            defaults={
                "name": {"zh-hans": chinese, "en": english},
                "finish_days": days,
                "is_complaint": is_complaint,
                "needs_department": needs,
                "place": place,
            },
        )
    for place, (code, chinese, english) in enumerate(DEPARTMENTS):
        department.objects.get_or_create(
            code=code, defaults={"name": {"zh-hans": chinese, "en": english}, "place": place}
        )
