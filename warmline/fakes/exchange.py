"""One request to a fake and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What came over the wire; header names are lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    at: datetime
    ip: str = "127.0.0.1"

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def raw_query(self) -> str:
        return urlsplit(self.target).query

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.raw_query, keep_blank_values=True))


@dataclass(frozen=True, kw_only=True)
class Said:
    """What goes back, and how badly: after a long silence, or cut off before a word is said."""

    body: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    stall_s: float = 0.0
    cut: bool = False


class Rejected(Exception):
    """A provider's no, in its own code."""

    def __init__(self, code: str, message: str, *, status: int = 200) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status
