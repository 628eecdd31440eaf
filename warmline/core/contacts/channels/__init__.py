"""Channels: how a message leaves the house, and what comes back.

A channel is one class with `send(message)`. It gives a `Receipt`, or raises `Retry` (later) or
`Refused` (never); it stores nothing. What families answer comes back as `Report` and `Reply`.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable

OPT_OUT_WORDS = frozenset({"R", "T", "TD", "退订", "退訂", "拒收", "取消订阅"})


class Reason(StrEnum):
    """Why a message did not leave: one word a screen can translate."""

    RECIPIENT = "recipient"  # no such number, address or colleague
    OPTED_OUT = "opted_out"  # the provider keeps them on its blacklist
    LIMIT = "limit"  # too many for this number, or for us
    TEMPLATE = "template"  # template or signature is not approved, or does not fit
    CONTENT = "content"  # the words themselves are not accepted
    BALANCE = "balance"  # the account with the provider is empty
    ACCESS = "access"  # keys, permissions or our address are not accepted
    CLOCK = "clock"  # our clock and theirs disagree
    BUSY = "busy"  # the provider has trouble of its own
    SILENCE = "silence"  # nobody answered


class NotSent(Exception):
    """A message did not leave. `str()` is for whoever mends it and names no person and no key."""

    def __init__(self, detail: str, *, reason: Reason, code: str = "") -> None:
        super().__init__(detail)
        self.reason = reason
        self.code = code


class Retry(NotSent):
    """Not now: try again, after the given time if one is given.

    Ambiguous means that it may have left all the same: ask `find()` first where the channel has
    one; WeCom and e-mail refuse or merge twins by themselves.
    """

    def __init__(
        self,
        detail: str,
        *,
        reason: Reason = Reason.BUSY,
        code: str = "",
        after: timedelta | None = None,
        ambiguous: bool = False,
    ) -> None:
        super().__init__(detail, reason=reason, code=code)
        self.after = after
        self.ambiguous = ambiguous


class Refused(NotSent):
    """Never: trying the same again would bring the same answer."""


class Unreadable(ValueError):
    """What a provider posted to us is not what it promised to post."""


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """A provider has taken the message. Whether it arrived is known later, if ever."""

    id: str
    delivered: bool | None = None

    def __str__(self) -> str:
        return self.id


class Outgoing(Protocol):
    """What a channel needs to know of a message; `params` in the order of the template."""

    @property
    def key(self) -> str: ...
    @property
    def to(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def template(self) -> str: ...
    @property
    def params(self) -> Mapping[str, str] | Iterable[tuple[str, str]]: ...


class Channel(Protocol):
    """One way out of the house."""

    def send(self, message: Outgoing) -> Receipt: ...


@runtime_checkable
class Remembers(Protocol):
    """A channel whose provider can say afterwards whether it took a message."""

    def find(
        self, message: Outgoing, *, since: datetime, known: Collection[str] = ()
    ) -> Receipt | None: ...


@dataclass(frozen=True, kw_only=True)
class Report:
    """What became of one accepted message. `key` is ours where the provider gives it back."""

    key: str
    receipt: str
    phone: str
    at: datetime
    delivered: bool
    code: str
    text: str

    @property
    def event_id(self) -> str:
        """The same report posted twice has the same one."""
        return f"{self.receipt}|{self.phone}"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What a family wrote back, from its number or, in 企业微信, under its name there."""

    text: str
    at: datetime
    event_id: str
    phone: str = ""
    wecom_id: str = ""

    @property
    def opts_out(self) -> bool:
        """True for R, T, TD and 退订 alone, however they were typed; 「T恤」 is not one."""
        plain = unicodedata.normalize("NFKC", self.text).upper()
        return "".join(letter for letter in plain if letter.isalnum()) in OPT_OUT_WORDS
