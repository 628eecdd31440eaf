"""How a name sounds: its pinyin, with both readings where a surname has two, and its initials."""

import os
import re
from functools import cache

# Names are read character by character; the phrase dictionary would only cost 40 MB.
os.environ.setdefault("PYPINYIN_NO_PHRASES", "1")

HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+")

# Surnames whose reading differs from the character's usual one. Families use either when they
# spell it, so both are found; the surname's own comes first.
SURNAMES: dict[str, tuple[str, ...]] = {
    "单": ("shan", "dan"),
    "曾": ("zeng", "ceng"),
    "解": ("xie", "jie"),
    "查": ("zha", "cha"),
    "仇": ("qiu", "chou"),
    "区": ("ou", "qu"),
    "朴": ("piao", "pu"),
    "尉": ("wei", "yu"),
    "缪": ("miao", "mou"),
    "翟": ("zhai", "di"),
    "盖": ("ge", "gai"),
    "乐": ("yue", "le"),
    "员": ("yun", "yuan"),
    "覃": ("qin", "tan"),
    "召": ("shao", "zhao"),
    "洗": ("xian", "xi"),
    "种": ("chong", "zhong"),
    "重": ("chong", "zhong"),
    "秘": ("bi", "mi"),
    "折": ("she", "zhe"),
    "黑": ("he", "hei"),
    "繁": ("po", "fan"),
    "祭": ("zhai", "ji"),
    "郇": ("xun", "huan"),
    "隗": ("wei", "kui"),
    "车": ("che", "ju"),
    "都": ("du", "dou"),
    "薄": ("bo", "bao"),
    "卜": ("bu",),
    "牟": ("mou", "mu"),
    "褚": ("chu", "zhu"),
    "乜": ("nie", "mie"),
    "佴": ("nai", "er"),
    "炔": ("gui", "que"),
    "柏": ("bai", "bo"),
    "谌": ("chen", "shen"),
    "郗": ("xi", "chi"),
    "长孙": ("zhang sun", "chang sun"),
    "单于": ("chan yu", "shan yu"),
    "尉迟": ("yu chi", "wei chi"),
    "万俟": ("mo qi", "wan si"),
    "澹台": ("tan tai", "dan tai"),
    "吐谷浑": ("tu yu hun", "tu gu hun"),
}
LONGEST_SURNAME = max(map(len, SURNAMES))


@cache
def syllable(character: str) -> str:
    """One character's usual sound without its tone; ü is written v, as on every keyboard."""
    from pypinyin import lazy_pinyin  # loaded by whoever writes names, not by whoever looks

    return str(lazy_pinyin(character)[0])


def readings(name: str) -> list[list[str]]:
    """Every way to spell a Chinese name, syllable by syllable; the usual one first."""
    for length in range(min(LONGEST_SURNAME, len(name)), 0, -1):
        if said := SURNAMES.get(name[:length]):
            rest = [syllable(c) for c in name[length:]]
            return _spelled([[*way.split(), *rest] for way in said])
    return _spelled([[syllable(c) for c in name]])


def _spelled(ways: list[list[str]]) -> list[list[str]]:
    """吕 is lv on a keyboard and lu on a bank card."""
    more = [[s.replace("v", "u") for s in way] for way in ways]
    return ways + [way for way in more if way not in ways]


def sort_key(name: str) -> str:
    """By what a list of names is ordered: the sound, then the name."""
    runs = [
        run if run.isascii() else " ".join(readings(run)[0]) for run in RUNS.findall(name.lower())
    ]
    return f"{' '.join(runs)} {name}"[:120]
