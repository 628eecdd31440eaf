"""The fakes' one door: three providers, a journal, and a way to let a family answer."""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from warmline.base.clock import now
from warmline.fakes import aliyun, tencent
from warmline.fakes.aliyun import FakeAliyun
from warmline.fakes.book import Book
from warmline.fakes.exchange import Asked, Said
from warmline.fakes.postman import Postman
from warmline.fakes.rules import Rules
from warmline.fakes.tencent import FakeTencent
from warmline.fakes.wecom import FakeWeCom

BODY_MAX = 1_000_000


class Door(ThreadingHTTPServer):
    """A caller who hangs up in the middle is part of the play, not an accident."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class Fakes:
    """All three on one port of this machine, told apart by their headers and paths."""

    def __init__(
        self, *, rules: Rules | None = None, port: int = 0, clock: Callable[[], datetime] = now
    ) -> None:
        self.rules, self.clock = rules or Rules(), clock
        self.book, self.postman = Book(), Postman(rules=self.rules)
        self.aliyun = FakeAliyun(rules=self.rules, book=self.book, postman=self.postman)
        self.tencent = FakeTencent(rules=self.rules, book=self.book, postman=self.postman)
        self.wecom = FakeWeCom(rules=self.rules, book=self.book)
        self.server = Door(("127.0.0.1", port), _handler_for(self))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def journal(self) -> list[dict[str, Any]]:
        return self.book.journal()

    def serve(self) -> None:
        """Until `stop()` or Ctrl-C."""
        self.postman.start()
        try:
            self.server.serve_forever(poll_interval=0.1)
        finally:
            self.server.server_close()
            self.postman.stop()

    @classmethod
    @contextmanager
    def running(
        cls, *, rules: Rules | None = None, clock: Callable[[], datetime] = now
    ) -> Iterator["Fakes"]:
        fakes = cls(rules=rules, clock=clock)
        thread = threading.Thread(target=fakes.serve, name="fakes", daemon=True)
        thread.start()
        try:
            yield fakes
        finally:
            fakes.server.shutdown()
            thread.join(timeout=10)

    def answer(self, asked: Asked) -> Said:
        if asked.headers.get("x-acs-action"):
            return self.aliyun.answer(asked)
        if asked.headers.get("x-tc-action"):
            return self.tencent.answer(asked)
        if asked.path.startswith("/cgi-bin/"):
            return self.wecom.answer(asked)
        match (asked.method, asked.path):
            case ("GET", "/journal"):
                return Said(body={"entries": self.journal})
            case ("DELETE", "/journal"):
                self.book.clear()
                return Said(body={"entries": []})
            case ("POST", "/reply"):
                return self._reply(asked)
            case ("POST", "/order"):
                return self._order(asked)
        return Said(status=404, body={"error": "nobody lives here"})

    def _reply(self, asked: Asked) -> Said:
        """A family answers: {"provider": "aliyun", "phone": "+86138…", "text": "R"}."""
        try:
            said = json.loads(asked.body)
            write = {"aliyun": aliyun.reply, "tencent": tencent.reply}[said["provider"]]
            letter = write(
                phone=str(said["phone"]),
                text=str(said["text"]),
                at=asked.at,
                number=self.book.number(),
            )
        except (ValueError, KeyError, TypeError):
            return Said(status=400, body={"error": "provider, phone and text, please"})
        self.postman.post_later(letter, after_s=0)
        return Said(body={"posted": True})

    def _order(self, asked: Asked) -> Said:
        """An error for the next call: {"provider": "wecom", "code": "45009"}."""
        try:
            said = json.loads(asked.body)
            self.book.order(str(said["provider"]), str(said["code"]))
        except (ValueError, KeyError, TypeError):
            return Said(status=400, body={"error": "provider and code, please"})
        return Said(body={"ordered": True})


def _handler_for(fakes: Fakes) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60

        def _handle(self) -> None:
            said = fakes.answer(self._asked())
            time.sleep(fakes.rules.delay_s + said.stall_s)
            if said.cut:
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            body = json.dumps(said.body, ensure_ascii=False, default=str).encode()
            self.send_response(said.status)
            # Just this: 腾讯云's own library looks for errors under no other name.
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_DELETE = _handle

        def _asked(self) -> Asked:
            length = self.headers.get("Content-Length", "0")
            size = min(int(length), BODY_MAX) if length.isdigit() else 0
            return Asked(
                method=self.command,
                target=self.path,
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(size),
                at=fakes.clock(),
                ip=self.client_address[0],
            )

        def log_message(self, format: str, *args: object) -> None:
            """The journal says it better."""

    return Handler
