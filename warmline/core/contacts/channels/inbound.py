"""Reading what providers post to us: a small JSON list, or it is not from them."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from warmline.base.clock import CHINA
from warmline.core.contacts.channels import Unreadable
from warmline.core.contacts.channels.words import clean

BYTES_MAX = 1_000_000
ROWS_MAX = 1_000


def rows(body: bytes | str, *, needs: Sequence[str]) -> list[dict[str, Any]]:
    """The posted objects (one alone counts as a list of one), each with what it must have."""
    if len(body) > BYTES_MAX:
        raise Unreadable("more than a provider would ever post at once")
    try:
        posted = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    listed = posted if isinstance(posted, list) else [posted]
    if len(listed) > ROWS_MAX:
        raise Unreadable("more rows than a provider would ever post at once")
    for row in listed:
        if not isinstance(row, dict) or any(name not in row for name in needs):
            raise Unreadable("a row without " + ", ".join(needs))
    return listed


def text_of(row: dict[str, Any], name: str) -> str:
    """A field as clean text; numbers count, lists and objects do not."""
    value = row.get(name)
    if value is None or isinstance(value, list | dict):
        return ""
    return clean(str(value))[:1_000]


def china_time(text: str) -> datetime:
    """Chinese providers write the wall clock of Beijing and no zone."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)
    except ValueError:
        raise Unreadable("a time that is none") from None
