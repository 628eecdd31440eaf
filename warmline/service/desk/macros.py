"""Macros: what is said often is written once, in both languages, and filled in for each case."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.i18n import LANGUAGES, I18nText
from warmline.core.people.models import Staff
from warmline.service.desk.models import Case, Macro

GAPS = ("name", "code", "store", "me")
GAP = re.compile(r"\{([^{}]*)\}")
MOST = 200  # of one chain; more would be found by nobody

BUILT_IN: list[tuple[Mapping[str, str], Mapping[str, str]]] = [
    (
        {"zh-hans": "已收到，在查", "en": "We have it and are looking into it"},
        {
            "zh-hans": "{name}您好，我是{store}的{me}。您反映的情况我们已经收到，正在核实，服务单号 {code}。",
            "en": "Hello {name}, this is {me} of {store}. We have what you told us and are looking"
            " into it. Your case is {code}.",
        },
    ),
    (
        {"zh-hans": "请先停用并留好包装", "en": "Please stop using it and keep the pack"},
        {
            "zh-hans": "{name}您好，请先不要再给宝宝食用，把罐子、底部批号和小票留好。宝宝如有不适请先就医。",
            "en": "Hello {name}, please stop using it, and keep the tin, the batch number on its"
            " bottom and the receipt. If the baby is unwell, please see a doctor first.",
        },
    ),
    (
        {"zh-hans": "换货已安排", "en": "A replacement is on its way"},
        {
            "zh-hans": "{name}您好，换货已经安排好，到{store}即可领取，报服务单号 {code} 就行。",
            "en": "Hello {name}, your replacement is ready at {store}. Just say {code}.",
        },
    ),
    (
        {"zh-hans": "还没有结果，先向您说一声", "en": "No result yet, but we said we would write"},
        {
            "zh-hans": "{name}您好，答应您的回话到时间了。事情还在办，我接着盯，有结果第一时间告诉您。{me}",
            "en": "Hello {name}, we promised to write by now. It is not done yet; I stay on it and"
            " will tell you as soon as it is. {me}",
        },
    ),
]


def install(macro: Any) -> None:
    """What a desk begins with, if it has none."""
    if macro.objects.exists():
        return
    for place, (title, text) in enumerate(BUILT_IN):
        macro.objects.create(title=dict(title), text=dict(text), place=place)


@transaction.atomic
def keep_macro(
    macro: Macro, *, title: Mapping[str, str], text: Mapping[str, str], is_on: bool = True
) -> Macro:
    """Write it down, in at least one language. A gap that nobody can fill is refused now, not when a
    family waits."""
    for name, words in (("title", title), ("text", text)):
        if not any(words.get(language, "").strip() for language in LANGUAGES):
            raise ValidationError({name: _("Say it in at least one language.")})
    for said in text.values():
        if unknown := [gap for gap in GAP.findall(said) if gap not in GAPS]:
            may = ", ".join(f"{{{gap}}}" for gap in GAPS)
            why = _("Nobody can fill in {%(gap)s}. These can be: %(may)s")
            why = why % {"gap": unknown[0], "may": may}
            raise ValidationError({"text": why})
    if macro.pk is None:
        if Macro.objects.count() >= MOST:
            raise ValidationError(_("There are enough macros: change one that nobody uses."))
        macro.place = 1 + max(Macro.objects.values_list("place", flat=True), default=0)
    macro.title = I18nText({x: said.strip() for x, said in title.items() if said.strip()})
    macro.text = I18nText({x: said.strip() for x, said in text.items() if said.strip()})
    macro.is_on = is_on
    macro.save()
    return macro


def filled(macro: Macro, case: Case, *, by: Staff) -> dict[str, str]:
    """Its words for this case, by language."""
    store = case.store.name
    known = {"name": case.name, "code": case.code, "store": store, "me": by.name}
    return {
        language: GAP.sub(lambda gap: known.get(gap[1], ""), said)
        for language, said in macro.text.items()
    }


def all_on() -> list[Macro]:
    return list(Macro.objects.filter(is_on=True))
