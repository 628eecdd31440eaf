"""Thanks: words that want no answer. Only short ones count, and only when nothing else is in them."""

import re
import unicodedata

LENGTH_MAX = 40
WORDS = """
    谢谢 感谢 多谢 谢啦 谢了 辛苦了 辛苦 麻烦了 麻烦你了 麻烦您了 好的 好 好滴 好哒 好嘞 嗯 嗯嗯 收到 知道了 明白 明白了
    没事了 没问题 可以 满意 很满意 非常 太 了 你 您 你们 您们 大家 店员 导购 老师 小姐姐 啦 呀 啊 哈 哦 噢 的 很 都 客气
    ok okay thanks thank you thx ty got it great good fine perfect all very much so many a lot cheers
    appreciated nice noted
""".split()
CHINESE = sorted((w for w in WORDS if not w.isascii()), key=len, reverse=True)
ENGLISH = {w for w in WORDS if w.isascii()}
SAYS_THANKS = re.compile(
    "谢|辛苦|麻烦[了你您]|收到|知道了|明白|好的|好滴|好哒|好嘞|满意|ok|thank|thx|got it|great|perfect|cheers|noted"
)
TAKEN_BACK = re.compile("不|没(?!事了|问题)|但|可是|吗|么|？|not|but|no |n't|\\?")


def is_thanks(words: str) -> bool:
    """Whether somebody only said thank you. In doubt it is not: an answer too many does no harm."""
    plain = unicodedata.normalize("NFKC", words).casefold().strip()
    if not plain or len(plain) > LENGTH_MAX or not SAYS_THANKS.search(plain):
        return False
    if TAKEN_BACK.search(plain):
        return False
    rest = "".join(re.findall(r"[\u3400-\u9fff]+", plain))
    for word in CHINESE:
        rest = rest.replace(word, "")
    return (
        not rest and set(re.findall(r"[a-z']+", plain)) <= ENGLISH and not re.search(r"\d", plain)
    )
