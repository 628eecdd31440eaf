"""A post office on this machine: letters that the shop sends arrive here by SMTP, and letters to the
shop lie here until it fetches them by IMAP. Only as much of IMAP (RFC 3501) as reading mail needs."""

import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

USER, PASSWORD = "desk@shop.example", "as-read-on-the-card"


class PostOffice:
    """Both counters, and what lies behind them."""

    def __init__(self) -> None:
        self.sent: list[EmailMessage] = []  # by the shop
        self.lying: dict[int, tuple[bytes, bool]] = {}  # to the shop: the letter, and whether read
        self.imap = Counter(("127.0.0.1", 0), _Reader)
        self.imap.office = self
        self.smtp = Controller(self, hostname="127.0.0.1", port=_free(), ready_timeout=30)

    @property
    def settings(self) -> dict[str, str]:
        """How a shop is told to use it."""
        return {
            "WARMLINE_CHANNEL_EMAIL": "smtp",
            "WARMLINE_SMTP_HOST": "127.0.0.1",
            "WARMLINE_SMTP_PORT": str(self.smtp.port),
            "WARMLINE_SMTP_FROM": f"暖线 <{USER}>",
            "WARMLINE_IMAP_HOST": "127.0.0.1",
            "WARMLINE_IMAP_PORT": str(self.imap.server_address[1]),
            "WARMLINE_IMAP_TLS": "false",
            "WARMLINE_IMAP_USER": USER,
            "WARMLINE_IMAP_PASSWORD": PASSWORD,
        }

    def post(self, mail: EmailMessage) -> None:
        """Somebody writes to the shop."""
        self.lying[len(self.lying) + 1] = (mail.as_bytes(policy=policy.SMTP), False)

    @property
    def unread(self) -> list[int]:
        return [number for number, (_raw, is_read) in self.lying.items() if not is_read]

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.sent.append(message_from_bytes(envelope.original_content, policy=policy.default))  # type: ignore[arg-type]
        return "250 taken"


class Counter(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    office: PostOffice


class _Reader(socketserver.StreamRequestHandler):
    """One connection of somebody who reads the shop's mail."""

    server: Counter

    def handle(self) -> None:
        self.say("* OK here you are")
        for line in self.rfile:
            tag, _space, asked = line.decode().strip().partition(" ")
            verb = asked.split(" ", 1)[0].upper()
            answer = getattr(self, f"do_{verb}", None)
            said = answer(asked) if answer else "BAD what do you mean?"
            self.say(f"{tag} {said}")
            if verb == "LOGOUT":
                return

    def say(self, line: str | bytes) -> None:
        self.wfile.write((line.encode() if isinstance(line, str) else line) + b"\r\n")

    def do_CAPABILITY(self, asked: str) -> str:
        self.say("* CAPABILITY IMAP4rev1")
        return "OK done"

    def do_LOGIN(self, asked: str) -> str:
        return (
            "OK done" if asked.replace('"', "") == f"LOGIN {USER} {PASSWORD}" else "NO who are you?"
        )

    def do_SELECT(self, asked: str) -> str:
        self.say(f"* {len(self.server.office.lying)} EXISTS")
        return "OK [READ-WRITE] done"

    def do_LOGOUT(self, asked: str) -> str:
        self.say("* BYE come again")
        return "OK done"

    def do_UID(self, asked: str) -> str:
        office = self.server.office
        verb, _space, what = asked.removeprefix("UID ").partition(" ")
        if verb.upper() == "SEARCH":
            self.say(" ".join(["* SEARCH", *map(str, office.unread)]))
            return "OK done"
        number = int(what.split(" ")[0])
        raw, _is_read = office.lying[number]
        if verb.upper() == "STORE":
            office.lying[number] = (raw, True)
        elif "SIZE" in what:
            self.say(f"* {number} FETCH (UID {number} RFC822.SIZE {len(raw)})")
        else:
            part = raw[: int(cut[1])] if (cut := re.search(r"<0\.(\d+)>", what)) else raw
            self.say(f"* {number} FETCH (UID {number} BODY[] {{{len(part)}}}")
            self.say(part + b")")
        return "OK done"


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.smtp.start()
    thread = threading.Thread(target=office.imap.serve_forever, args=(0.1,), daemon=True)
    thread.start()
    try:
        yield office
    finally:
        office.imap.shutdown()
        office.imap.server_close()
        office.smtp.stop()
        thread.join(timeout=10)
