"""Free text, and words that stand for one of a few things."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

from warmline.base.sheets.cells.tidy import EXCEL_ERRORS, BadCell, half_width, is_nothing, tidy

Sex = Literal["male", "female"]
Feeding = Literal["breast", "mixed", "formula"]
Way = Literal["sale", "return"]

MALE = {"男", "男性", "男孩", "男宝", "男宝宝", "男婴", "小王子", "先生", "m", "male", "boy", "1"}
FEMALE = {
    "女",
    "女性",
    "女孩",
    "女宝",
    "女宝宝",
    "女婴",
    "小公主",
    "女士",
    "f",
    "female",
    "girl",
    "2",
}
UNSAID = {"未知", "保密", "不详", "其他", "其它", "未说明", "0", "9", "u", "unknown", "other"}
FEEDINGS: dict[Feeding, tuple[str, ...]] = {
    "mixed": ("混合", "混喂", "混养", "母乳+奶粉", "mixed", "mix", "both", "combi"),
    "breast": ("母乳", "亲喂", "breast"),
    "formula": ("奶粉", "配方", "人工", "formula", "bottle"),
}
SALES = {"a", "销售", "零售", "消费", "购买", "正常", "正常销售", "sale", "sales", "sell", "s"}
RETURNS = {"b", "退货", "退款", "销售退货", "零售退货", "退", "return", "refund", "returned", "r"}


def parse_text(text: str, *, most: int = 200) -> str:
    """A name or a note, tidied; too long is said, not cut."""
    words = tidy(text)
    if words.lower() in EXCEL_ERRORS:
        raise BadCell("excel_error", _("Excel shows an error here; the value is lost."))
    if len(words) > most:
        raise BadCell(
            "too_long",
            _("This is {length} characters long; {most} fit."),
            length=len(words),
            most=most,
        )
    return "" if is_nothing(words) else words


def parse_sex(text: str) -> Sex | None:
    word = half_width(text).lower()
    if is_nothing(word) or word in UNSAID:
        return None
    if word in MALE:
        return "male"
    if word in FEMALE:
        return "female"
    raise BadCell("sex", _("Write 男 or 女 here, or leave it empty."))


def parse_feeding(text: str) -> Feeding | None:
    """How the baby is fed; half and half wins over the words it is made of."""
    word = half_width(text).lower()
    if is_nothing(word) or word in UNSAID:
        return None
    if "母乳" in word and any(other in word for other in FEEDINGS["formula"]):
        return "mixed"
    for feeding, words in FEEDINGS.items():
        if any(each in word for each in words):
            return feeding
    raise BadCell("feeding", _("Write 母乳, 混合 or 奶粉 here, or leave it empty."))


def parse_way(text: str) -> Way:
    """Sale or return; 思迅 writes A and B. Nothing said is a sale."""
    word = half_width(text).lower()
    if is_nothing(word) or word in SALES:
        return "sale"
    if word in RETURNS or "退" in word:
        return "return"
    raise BadCell("way", _("This is neither a sale (A, 销售) nor a return (B, 退货)."))
