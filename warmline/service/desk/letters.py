"""Letters: an e-mail as it came is read for who wrote, what, and to which case. Whatever is wrong with
it, it is read as far as it can be: nothing is run, nothing is fetched, and programs get no answer."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser
from typing import Any

from warmline.base.clock import now

WORDS_MAX = 8000
PHOTOS_MAX = 4
PARTS_MAX = 100
CODE = re.compile(r"\b(\d{5,12}-\d)\b")
ID_MAX = 100
KEY = re.compile(r"([^\s<>]+@[^\s<>]+):[0-9a-f]{16}")
ANSWERED = re.compile(r"<([^<>\s]{3,118})>")
QUOTED = re.compile(r"^(>|On .{5,80} wrote:|在.{5,80}写道[:：]|-{2,} ?(Original|原始邮件))", re.M)
PROGRAMS = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounce)", re.I)


@dataclass(frozen=True)
class Letter:
    """What an e-mail says."""

    key: str  # its Message-ID and a print of it, as some programs give all of theirs one id
    name: str
    address: str
    subject: str
    words: str
    at: datetime
    codes: tuple[str, ...] = ()  # of cases that it speaks of
    answers: tuple[str, ...] = ()  # the letters that it answers, by their Message-ID
    pictures: tuple[bytes, ...] = field(default=(), repr=False)
    by_program: bool = False  # a bounce, a holiday notice, a list: it wants no answer


def read(raw: bytes) -> Letter:
    """Read one e-mail, broken or not."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    name, address = _writer(mail)
    subject = _header(mail, "Subject")[:200]
    words, pictures = _content(mail)
    said = QUOTED.split(words, maxsplit=1)[0].strip() or words.strip()
    return Letter(
        key=_key(mail, raw),
        name=name[:40],
        address=address[:120],
        subject=subject,
        words=said[:WORDS_MAX],
        at=_sent_at(mail),
        codes=tuple(dict.fromkeys(CODE.findall(f"{subject}\n{words[:2000]}")))[:5],
        answers=tuple(ANSWERED.findall(_header(mail, "In-Reply-To", "References")))[:20],
        pictures=tuple(pictures),
        by_program=_is_program(mail, address),
    )


def _key(mail: EmailMessage, raw: bytes) -> str:
    """By what it is known again: delivered twice, its way here differs and the rest does not."""
    said = _header(mail, "Message-ID").strip(" <>")
    if not said:
        return sha256(raw).hexdigest()
    _way, _blank, body = raw.replace(b"\r\n", b"\n").partition(b"\n\n")
    told = _header(mail, "From", "Date", "Subject").encode() + body
    if len(said) > ID_MAX:
        return sha256(said.encode() + told).hexdigest()
    return f"{said}:{sha256(told).hexdigest()[:16]}"


def id_of(key: str) -> str:
    """The Message-ID of a letter that came with this key, if it had one of a length that we keep."""
    found = KEY.fullmatch(key)
    return f"<{found[1]}>" if found else ""


def _header(mail: EmailMessage, *names: str) -> str:
    try:
        said = " ".join(str(mail.get(name, "")) for name in names)
    except Exception:  # a header that its own parser cannot bear
        return ""
    return " ".join(sayable(said).split())


def _writer(mail: EmailMessage) -> tuple[str, str]:
    found = [(n, a) for n, a in getaddresses([_header(mail, "From")]) if "@" in a]
    return found[0] if found else ("", "")


def _sent_at(mail: EmailMessage) -> datetime:
    """When they say they sent it, if that can be: never in the future, never long ago."""
    try:
        at = parsedate_to_datetime(_header(mail, "Date"))
        at = at if at.tzinfo else at.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return now()
    return at if 0 <= (now() - at).total_seconds() < 3 * 86400 else now()


def _is_program(mail: EmailMessage, address: str) -> bool:
    auto = _header(mail, "Auto-Submitted").lower()
    return bool(
        (auto and auto != "no")
        or _header(mail, "Precedence").lower() in ("bulk", "list", "junk", "auto_reply")
        or _header(mail, "List-Id")
        or _header(mail, "X-Autoreply")
        or _header(mail, "X-Auto-Response-Suppress")
        or _header(mail, "Return-Path") == "<>"
        or not address
        or PROGRAMS.match(address)
    )


def _content(mail: EmailMessage) -> tuple[str, list[bytes]]:
    """The words, plain ones before HTML ones, and the pictures."""
    plain: list[str] = []
    html: list[str] = []
    pictures: list[bytes] = []
    others: list[str] = []
    for number, part in enumerate(mail.walk()):
        if number > PARTS_MAX:
            break
        kind = part.get_content_type()
        if kind == "text/plain" and not part.get_filename():
            plain.append(_text(part))
        elif kind == "text/html" and not part.get_filename():
            html.append(_text(part))
        elif kind.startswith("image/") and len(pictures) < PHOTOS_MAX:
            pictures.append(_bytes(part))
        elif part.get_filename():
            others.append(sayable(str(part.get_filename()))[:60])
    words = "\n".join(plain).strip() or "\n".join(_stripped(page) for page in html).strip()
    return "\n".join([words, *(f"[{name}]" for name in others[:10])]), pictures


def _bytes(part: Any) -> bytes:
    try:
        found = part.get_payload(decode=True)
    except Exception:
        return b""
    return found if isinstance(found, bytes) else b""


def _text(part: Any) -> str:
    raw = _bytes(part)
    for charset in (part.get_content_charset(), "utf-8", "gb18030"):
        try:
            return sayable(raw.decode(charset or "utf-8"))
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return sayable(raw.decode("utf-8", "replace"))


def sayable(text: str) -> str:
    """Without what no database keeps: NUL, and halves of letters, which UTF-7 and its like smuggle in
    (such a letter could never be taken in, and would be tried every minute for ever)."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


class _Words(HTMLParser):
    """The words of a page; scripts, styles and comments are none."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("script", "style", "head", "title"):
            self.silent += 1
        elif tag in ("br", "p", "div", "tr", "li"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style", "head", "title") and self.silent:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.words.append(data)


def _stripped(page: str) -> str:
    reader = _Words()
    try:
        reader.feed(page[:500_000])
        reader.close()
    except Exception:
        return ""
    lines = (" ".join(line.split()) for line in "".join(reader.words).splitlines())
    return "\n".join(line for line in lines if line)
