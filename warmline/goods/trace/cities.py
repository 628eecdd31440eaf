"""The city in an address: as much of where a shop is as a journey says."""

import re

_CITY = re.compile(r"(?:中国)?(?:[^省市区]{2,8}?(?:省|自治区))?\s*([\u4e00-\u9fff]{2,8}?)市")


def city_of(address: str) -> str:
    """`四川省成都市锦江区…` is 成都; an address that names no city says nothing."""
    found = _CITY.match(address.strip())
    return found[1] if found else ""
