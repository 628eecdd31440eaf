"""企业微信 app messages: what Warmline tells colleagues in the app they already use."""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Protocol

from warmline.base.clock import now
from warmline.core.contacts.channels import Outgoing, Reason, Receipt, Refused
from warmline.core.contacts.channels.signing import query_string
from warmline.core.contacts.channels.verdicts import Verdict, later, never
from warmline.core.contacts.channels.wire import call, session_for
from warmline.core.contacts.channels.words import clean

STALE_TOKEN = {40014, 42001}
BYTES_MAX = 2_048  # they cut a longer text themselves, in the middle of a character if need be
COLLEAGUE = re.compile(r"[A-Za-z0-9_.@-]{1,64}")  # one of them: neither a|b nor the whole company
OUR_ADDRESS = re.compile(r"from ip: ?([0-9a-fA-F.:]+)")
EARLY = timedelta(minutes=5)

VERDICTS: Mapping[int, Verdict] = {
    -1: later(Reason.BUSY, minutes=1),
    40001: later(Reason.ACCESS, minutes=15),
    40003: never(Reason.RECIPIENT),
    40013: later(Reason.ACCESS, minutes=15),
    40014: later(Reason.ACCESS, minutes=1),
    40031: never(Reason.RECIPIENT),
    40056: later(Reason.ACCESS, minutes=15),
    42001: later(Reason.ACCESS, minutes=1),
    44004: never(Reason.CONTENT),
    45002: never(Reason.CONTENT),
    45009: later(Reason.LIMIT, minutes=1),
    45033: later(Reason.LIMIT, seconds=5),
    48002: later(Reason.ACCESS, minutes=15),
    60011: later(Reason.ACCESS, minutes=15),
    60020: later(Reason.ACCESS, minutes=15),
    60111: never(Reason.RECIPIENT),
    81013: never(Reason.RECIPIENT),
    301002: later(Reason.ACCESS, minutes=15),
}
UNKNOWN = later(Reason.BUSY, minutes=10)


class TokenShelf(Protocol):
    """Where the key to their door is kept: they count how often we ask for it."""

    def token(self, fetch: Callable[[], tuple[str, datetime]], *, stale: str = "") -> str:
        """The kept key, unless it is the stale one or has run out: then `fetch()`, once."""
        ...


class ShelfInMemory:
    """A shelf for one process; another process with its own gets the same key from them."""

    def __init__(self, *, clock: Callable[[], datetime] = now) -> None:
        self.clock, self.lock = clock, Lock()
        self.kept: tuple[str, datetime] | None = None

    def token(self, fetch: Callable[[], tuple[str, datetime]], *, stale: str = "") -> str:
        with self.lock:
            if self.kept is None or self.kept[0] == stale or self.kept[1] <= self.clock():
                self.kept = fetch()
            return self.kept[0]


class WeCom:
    """Sends one text to one colleague; the same text within the window arrives once."""

    def __init__(
        self,
        *,
        url: str,
        corp_id: str,
        secret: str,
        agent_id: int,
        shelf: TokenShelf | None = None,
        window: timedelta = timedelta(minutes=30),
        clock: Callable[[], datetime] = now,
        read_s: float = 10.0,
    ) -> None:
        self.url, self.corp_id, self.secret, self.agent_id = (
            url.rstrip("/"),
            corp_id,
            secret,
            agent_id,
        )
        self.shelf = shelf or ShelfInMemory(clock=clock)
        self.window, self.clock, self.read_s = window, clock, read_s
        self.session = session_for(url)

    def send(self, message: Outgoing) -> Receipt:
        if not COLLEAGUE.fullmatch(message.to) or message.to.lower() == "@all":
            raise Refused("this is not one colleague's user id", reason=Reason.RECIPIENT)
        asked = {
            "touser": message.to,
            "msgtype": "text",
            "agentid": self.agent_id,
            "text": {"content": _content(message)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": int(self.window.total_seconds()),
        }
        answer = self._post(asked)
        if message.to in str(answer.get("invaliduser") or "").split("|"):
            raise Refused(
                "they know no such colleague", reason=Reason.RECIPIENT, code="invaliduser"
            )
        return Receipt(id=str(answer.get("msgid") or message.key))

    def _post(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Once more with a fresh key if the kept one has run out; a second no is an answer."""
        token = self.shelf.token(self._fetch)
        answer = self._say(asked, token)
        if answer.get("errcode") in STALE_TOKEN:
            answer = self._say(asked, self.shelf.token(self._fetch, stale=token))
        return _accepted(answer)

    def _say(self, asked: Mapping[str, Any], token: str) -> dict[str, Any]:
        return call(
            self.session,
            "POST",
            f"{self.url}/cgi-bin/message/send?{query_string({'access_token': token})}",
            headers={"content-type": "application/json; charset=utf-8"},
            data=json.dumps(asked, ensure_ascii=False).encode(),
            read_s=self.read_s,
        ).body

    def _fetch(self) -> tuple[str, datetime]:
        query = query_string({"corpid": self.corp_id, "corpsecret": self.secret})
        url = f"{self.url}/cgi-bin/gettoken?{query}"
        answer = _accepted(call(self.session, "GET", url, repeatable=True, read_s=self.read_s).body)
        life = timedelta(seconds=int(answer.get("expires_in", 7_200)))
        return str(answer["access_token"]), self.clock() + life - min(EARLY, life / 2)


def _content(message: Outgoing) -> str:
    """Subject and text, cut between two characters if they are longer than the app shows."""
    words = clean("\n".join(filter(None, [message.subject, message.text])))
    if len(words.encode()) <= BYTES_MAX:
        return words
    return words.encode()[: BYTES_MAX - len("…".encode())].decode("utf-8", "ignore") + "…"


def _accepted(answer: dict[str, Any]) -> dict[str, Any]:
    """They answer HTTP 200 to everything: the truth is in errcode."""
    code = answer.get("errcode")
    if code == 0:
        return answer
    said = str(answer.get("errmsg", ""))
    detail = f"企业微信 {code}: {said}"
    if code == 60020 and (ours := OUR_ADDRESS.search(said)):
        detail = f"企业微信 60020: add our address {ours[1]} to 企业可信IP of the app"
    verdict = VERDICTS.get(code, UNKNOWN) if isinstance(code, int) else UNKNOWN
    raise verdict.error(str(code), detail[:300])
