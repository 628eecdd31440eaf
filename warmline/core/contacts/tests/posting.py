"""What the channel tests post with: a message, a stopped clock, and a wire that writes along."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import requests

GOLDEN = Path(__file__).parent / "golden"
EVENING = datetime(2026, 11, 21, 13, 40, 22, tzinfo=UTC)  # 21:40:22 in Shanghai


def evening() -> datetime:
    return EVENING


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A message as a channel sees one."""

    key: str = "run-out:17"
    to: str = "+8613800138000"
    text: str = "王女士，糖糖的奶粉大约还能喝三天"
    subject: str = ""
    template: str = "SMS_154950909"
    params: Mapping[str, str] | Iterable[tuple[str, str]] = field(
        default_factory=lambda: {"name": "王女士", "store": "浦东店"}
    )
    sign_name: str = "暖线"
    thread: str = ""


class Wire(requests.adapters.BaseAdapter):
    """Takes a request down as it would be sent, and says what it is told to say."""

    def __init__(self, answer: bytes, *, status: int = 200) -> None:
        super().__init__()
        self.answer, self.status = answer, status
        self.sent: list[requests.PreparedRequest] = []

    def send(self, request, **kwargs):
        self.sent.append(request)
        response = requests.Response()
        response.status_code, response.request, response.url = self.status, request, request.url
        response.raw = BytesIO(self.answer)
        return response

    def close(self) -> None:
        """Nothing is open."""


def as_text(request: requests.PreparedRequest) -> str:
    """A request as a file shows it: first line, sorted headers, body."""
    ours = {name.lower(): value for name, value in request.headers.items()}
    dull = {"user-agent", "accept-encoding", "connection", "content-length"}
    lines = [f"{name}: {ours[name]}" for name in sorted(set(ours) - dull)]
    body = request.body or b""
    return "\n".join([f"{request.method} {request.path_url}", *lines, "", body.decode(), ""])
