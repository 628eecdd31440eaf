"""The fake 企业微信: gettoken and message/send. Like the real one it answers HTTP 200 always."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any

from warmline.fakes.book import Book, Taken
from warmline.fakes.exchange import Asked, Rejected, Said
from warmline.fakes.rules import Mood, Rules

LIFE = timedelta(seconds=7_200)
TEXT_BYTES_MAX = 2_048
WINDOW_S, WINDOW_S_MAX = 1_800, 14_400


class FakeWeCom:
    def __init__(self, *, rules: Rules, book: Book) -> None:
        self.rules, self.book, self.lock = rules, book, Lock()
        self.tokens: dict[str, datetime] = {}
        self.asked_for_token = 0

    def expire_tokens(self) -> None:
        """As after two hours, at once: every key given so far is answered with 42001."""
        with self.lock:
            self.tokens = dict.fromkeys(self.tokens, datetime.min)

    def answer(self, asked: Asked) -> Said:
        try:
            self._check_ip(asked)
            match (asked.method, asked.path):
                case ("GET", "/cgi-bin/gettoken"):
                    return Said(body=self._token(asked))
                case ("POST", "/cgi-bin/message/send"):
                    return self._send(asked)
            raise Rejected("-1", "no such path")
        except Rejected as no:
            self.book.note(at=asked.at, provider="wecom", action=asked.path, outcome=no.code)
            return Said(body={"errcode": int(no.code), "errmsg": no.message})

    def _check_ip(self, asked: Asked) -> None:
        trusted = self.rules.wecom_trusted_ips
        if asked.path != "/cgi-bin/gettoken" and trusted is not None and asked.ip not in trusted:
            raise Rejected("60020", f"not allow to access from your ip, from ip: {asked.ip}")

    def _token(self, asked: Asked) -> dict[str, Any]:
        """Asked again within its life, they give the same key."""
        if asked.query.get("corpid") != self.rules.wecom_corp_id:
            raise Rejected("40013", "invalid corpid")
        if asked.query.get("corpsecret") != self.rules.wecom_secret:
            raise Rejected("40001", "invalid credential")
        with self.lock:
            self.asked_for_token += 1
            alive = [(token, end) for token, end in self.tokens.items() if end > _naive(asked.at)]
            token, end = alive[0] if alive else self._new_token(asked.at)
        left = int((end - _naive(asked.at)).total_seconds())
        return {"errcode": 0, "errmsg": "ok", "access_token": token, "expires_in": left}

    def _new_token(self, at: datetime) -> tuple[str, datetime]:
        token = f"fake-token-{self.book.number():06d}"
        self.tokens[token] = _naive(at) + LIFE
        return token, self.tokens[token]

    def _check_token(self, asked: Asked) -> None:
        with self.lock:
            end = self.tokens.get(asked.query.get("access_token", ""))
        if end is None:
            raise Rejected("40014", "invalid access_token")
        if end <= _naive(asked.at):
            raise Rejected("42001", "access_token expired")

    def _send(self, asked: Asked) -> Said:
        if code := self.book.ordered("wecom"):
            raise Rejected(code, "as ordered")
        self._check_token(asked)
        wanted = _wanted(asked)
        if wanted.get("agentid") != self.rules.wecom_agent_id:
            raise Rejected("40056", "invalid agentid")
        to, text = str(wanted.get("touser", "")), wanted.get("text", {}).get("content", "")
        mood = Mood.of(to)
        if mood is Mood.TIMEOUT:
            return Said(stall_s=self.rules.stall_s, cut=True)
        if mood is Mood.LIMIT or self.book.too_fast(
            asked.at, per_second_max=self.rules.per_second_max
        ):
            raise Rejected("45009", "api freq out of limit")
        if mood is Mood.BLACKLIST or not to or "|" in to:
            raise Rejected("81013", "user & party & tag all invalid")
        if not text or len(text.encode()) > TEXT_BYTES_MAX:
            raise Rejected("44004" if not text else "45002", "text content")
        receipt = self._take(to, text, wanted, asked.at)
        body = {"errcode": 0, "errmsg": "ok", "invaliduser": "", "msgid": receipt}
        return Said(body=body, cut=mood is Mood.CUT)

    def _take(self, to: str, text: str, wanted: Mapping[str, Any], at: datetime) -> str:
        """The same text to the same colleague within the window is swallowed."""
        window = timedelta(
            seconds=min(int(wanted.get("duplicate_check_interval", WINDOW_S)), WINDOW_S_MAX)
        )
        watchful = wanted.get("enable_duplicate_check") == 1
        for taken in self.book.sent_to(to, provider="wecom"):
            if watchful and taken.text == text and at - taken.at < window:
                self.book.note(at=at, provider="wecom", to=to, outcome="duplicate")
                return taken.receipt
        taken = Taken(
            provider="wecom",
            to=to,
            key="",
            receipt=f"fake-msg-{self.book.number():06d}",
            at=at,
            known_at=at,
            delivered=True,
            text=text,
        )
        self.book.take(taken)
        return taken.receipt


def _wanted(asked: Asked) -> dict[str, Any]:
    try:
        wanted = json.loads(asked.body)
    except ValueError:
        wanted = None
    if not isinstance(wanted, dict) or wanted.get("msgtype") != "text":
        raise Rejected("40008", "invalid message type")
    if not isinstance(wanted.get("text"), dict):
        raise Rejected("44004", "empty content")
    return wanted


def _naive(at: datetime) -> datetime:
    return at.replace(tzinfo=None)
