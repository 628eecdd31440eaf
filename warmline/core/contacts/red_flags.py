"""Red flags: words in a note that mean a person must look at once.

A guide recognises and refers; she never diagnoses, never names a dose and never argues. The lists
would rather ring once too often: whoever looks can wave it off in a minute.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _


class Topic(StrEnum):
    """What a note spoke of; the first that matches counts, the gravest first."""

    SELF_HARM = "self_harm"
    HEALTH = "health"
    SAFETY = "safety"


def _each(text: str, between: str | None = None) -> list[str]:
    return [word.strip() for word in text.split(between)]


CHINESE: dict[Topic, list[str]] = {
    Topic.SELF_HARM: _each("""
        不想活 活不下去 活着没意思 想死 去死 寻死 自杀 自残 轻生 割腕 跳楼 结束生命 了结自己
        伤害自己 伤害宝宝 伤害孩子 掐死 抱着孩子跳 产后抑郁 撑不下去 熬不下去 没有盼头
    """),
    Topic.HEALTH: _each("""
        高烧 高热 发烧 抽搐 惊厥 昏迷 叫不醒 呼吸困难 喘不上气 憋气 嘴唇发紫 脸色发青 便血 血便
        吐血 呕血 脱水 不停呕吐 一直吐 喷射性呕吐 腹泻不止 一直拉 拉肚子 过敏 起疹 红疹 荨麻疹
        休克 呛奶 噎住 窒息 黄疸 囟门凹陷 不吃不喝 住院 急诊 抢救 中毒
    """),
    Topic.SAFETY: _each("""
        异物 虫子 有虫 生虫 发霉 霉变 变质 异味 结块 胀罐 胀包 漏气 密封不好 没有封好 没封好
        过期 假货 假奶粉 玻璃 金属 铁屑 塑料片 头发 召回 喝坏 吃坏 质量问题 曝光 12315
    """),
}
ENGLISH: dict[Topic, list[str]] = {
    Topic.SELF_HARM: _each(
        r"""
        suicid\w*, kill (?:my|her|him)self, self[- ]harm\w*, hurt(?:ing)? (?:my|her)self,
        hurt(?:ing)? (?:the|my|her) baby, want(?:s|ed)? to die, end (?:my|her) life,
        no reason to live, post(?:natal|partum) depression
    """,
        ",",
    ),
    Topic.HEALTH: _each(
        r"""
        high fever, fever, seizures?, convulsions?, unconscious, not waking,
        can(?:no|')t breathe, trouble breathing, blue lips, blood in (?:the )?(?:stool|vomit),
        vomiting blood, dehydrat\w*, keeps vomiting, diarrh\w+, allerg\w*, rash, hives,
        chok(?:ed|ing), jaundice, hospital\w*, emergency room, poison\w*
    """,
        ",",
    ),
    Topic.SAFETY: _each(
        r"""
        foreign (?:body|object), insects?, bugs?, mould\w*, moldy?, spoil(?:ed|t),
        smells? (?:bad|off), swollen (?:tin|can), not sealed, broken seal, expired,
        out of date, fake, counterfeit, glass, metal, recall(?:ed)?
    """,
        ",",
    ),
}
PATTERNS = {topic: re.compile(rf"\b(?:{'|'.join(words)})\b") for topic, words in ENGLISH.items()}


def look(note: str) -> Topic | None:
    """What the note speaks of, if it is something that cannot wait."""
    plain = unicodedata.normalize("NFKC", note).casefold()
    dense = "".join(letter for letter in plain if not letter.isspace())
    for topic in Topic:
        if any(word in dense for word in CHINESE[topic]) or PATTERNS[topic].search(plain):
            return topic
    return None


@dataclass(frozen=True)
class Hotline:
    number: str
    name: Any


@dataclass(frozen=True)
class Card:
    """What a guide holds in her hand in such a moment: whom to ring, what to say and not to say."""

    title: Any
    say: Any
    avoid: Any
    hotlines: tuple[Hotline, ...]


EMERGENCY = Hotline("120", _("Ambulance"))
PSYCHOLOGICAL = Hotline("12356", _("National psychological helpline"))
CONSUMERS = Hotline("12315", _("Consumer and food safety complaints"))

CARDS: dict[Topic, Card] = {
    Topic.SELF_HARM: Card(
        title=_("She may be in danger: stay on the line"),
        say=_(
            "I am glad you told me. You do not have to carry this alone. Is somebody with you now?"
            " Let us ring 12356 together; if you or the baby are in danger, we ring 120 at once."
        ),
        avoid=_(
            "Do not judge, comfort it away or promise to keep it secret. Do not talk of goods."
        ),
        hotlines=(EMERGENCY, PSYCHOLOGICAL),
    ),
    Topic.HEALTH: Card(
        title=_("The baby's health: refer, do not diagnose"),
        say=_(
            "I am not a doctor and cannot judge this over the phone. Please have the baby seen; if"
            " it breathes badly, does not wake or has a seizure, ring 120 now. Keep the tin and its"
            " batch number. May I ring you again today?"
        ),
        avoid=_("No diagnosis, no medicine, no advice to go on feeding or to change the formula."),
        hotlines=(EMERGENCY,),
    ),
    Topic.SAFETY: Card(
        title=_("Something may be wrong with the goods: stop and keep them"),
        say=_(
            "Please stop using it and keep the pack, the receipt and a photo of the batch number."
            " Our manager will ring you today. If the baby is unwell, see a doctor first."
        ),
        avoid=_("Do not argue, do not blame storage at home, do not ask her to throw it away."),
        hotlines=(CONSUMERS, EMERGENCY),
    ),
}


def card(topic: str) -> Card:
    return CARDS[Topic(topic)]
