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

CAUSES = [  # code, Chinese, English, and what belongs to it
    ("goods", "商品", "Goods", [
        ("seal", "封口、包装破损", "Seal or pack damaged"),
        ("quality", "品质异常", "Quality not right"),
        ("expiry", "临期、过期", "Near or past its date"),
        ("label", "标签、说明不清", "Label or instructions unclear"),
    ]),
    ("delivery", "配送", "Delivery", [
        ("late", "送晚了", "Late"),
        ("damaged", "途中损坏", "Damaged on the way"),
        ("missing", "少发、错发", "Missing or wrong goods"),
    ]),
    ("people", "服务", "Service", [
        ("attitude", "态度", "Attitude"),
        ("knowledge", "讲解有误", "Wrong advice"),
        ("promise", "说好的没做到", "A promise was not kept"),
    ]),
    ("system", "制度与系统", "Rules and systems", [
        ("price", "价格、积分有误", "Price or points wrong"),
        ("stock", "缺货", "Out of stock"),
        ("rules", "规定不合理", "A rule that makes no sense"),
    ]),
]  # fmt: skip
AUTHORITY = [  # role, what, how much (None: no limit)
    ("guide", "replaced", 100), ("guide", "refunded", 0), ("guide", "compensated", 0),
    ("manager", "replaced", 1000), ("manager", "refunded", 500), ("manager", "compensated", 200),
    ("agent", "replaced", 1000), ("agent", "refunded", 500), ("agent", "compensated", 200),
    ("hq", "replaced", None), ("hq", "refunded", None), ("hq", "compensated", None),
]  # fmt: skip


def install_more(cause: Any, authority: Any) -> None:
    """Causes and authority levels, where there are none."""
    for place, (code, chinese, english, children) in enumerate(CAUSES):
        names = {"zh-hans": chinese, "en": english}
        parent, _made = cause.objects.get_or_create(
            code=code, defaults={"name": names, "place": place}
        )
        for n, (child, child_chinese, child_english) in enumerate(children):
            cause.objects.get_or_create(
                code=f"{code}-{child}",
                defaults={
                    "name": {"zh-hans": child_chinese, "en": child_english},
                    "parent": parent,
                    "place": n,
                },
            )
    for role, kind, amount in AUTHORITY:
        authority.objects.get_or_create(role=role, kind=kind, defaults={"amount_max": amount})


INTERNAL = {"abnormal": ("异常购买", "Odd buying", 3)}  # what only we raise


def install_internal(case_kind: Any, code: str) -> Any:
    """A kind that nobody is offered who asks."""
    chinese, english, days = INTERNAL[code]
    kind, _made = case_kind.objects.get_or_create(
        code=code,
        defaults={
            "name": {"zh-hans": chinese, "en": english},
            "finish_days": days,
            "is_internal": True,
            "place": 90,
        },
    )
    return kind


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
