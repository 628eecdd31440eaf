"""How a name on the screen may be typed: in pinyin, by its first letters, as it is written."""

from functools import lru_cache
from typing import Any

from django.utils.translation import get_language

from warmline.core.people.tokens import of_name


def sounds(words: Any) -> str:
    return _sounds(str(words), get_language())


@lru_cache(maxsize=400)
def _sounds(words: str, _language: str | None) -> str:
    return " ".join(of_name(words))
