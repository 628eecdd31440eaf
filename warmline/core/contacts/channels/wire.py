"""The wire: one call to a provider, and whether it can have arrived when no answer came."""

import json
import logging
import ssl
from collections.abc import Mapping
from datetime import timedelta
from ipaddress import ip_address
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from warmline.core.contacts.channels import Reason, Retry

CONNECT_S, READ_S = 3.0, 10.0
CHUNK, CHUNKS = 65_536, 16  # a provider's answer is small; a megabyte is a mistake
SOON = timedelta(minutes=1)
NEVER_LEFT = (NewConnectionError, ConnectTimeoutError, ssl.SSLCertVerificationError, ValueError)

# It would write whole addresses, and with them numbers and keys, into the log.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class Answer(NamedTuple):
    status: int
    body: dict[str, Any]


def is_loopback(host: str | None) -> bool:
    """This very machine: the only place a demo may talk to."""
    try:
        return host == "localhost" or ip_address(host or "").is_loopback
    except ValueError:
        return False


def session_for(url: str) -> requests.Session:
    session = requests.Session()
    if is_loopback(urlsplit(url).hostname):
        session.trust_env = False  # no proxy sees what was meant for this machine
    return session


def call(
    session: requests.Session,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    data: bytes = b"",
    repeatable: bool = False,
    read_s: float = READ_S,
) -> Answer:
    """One request, no redirect. Errors never quote the address: it holds numbers and keys."""
    try:
        with session.request(
            method,
            url,
            headers=dict(headers or {}),
            data=data,
            timeout=(CONNECT_S, read_s),
            allow_redirects=False,
            stream=True,
            auth=lambda request: request,  # or a .netrc would replace our signature
        ) as response:
            status = response.status_code
            raw = b"".join(islice(response.iter_content(CHUNK), CHUNKS))
    except requests.RequestException as error:
        lost = not repeatable and not _never_left(error)
        name = type(error).__name__
        raise Retry(
            f"no answer ({name})",
            reason=Reason.SILENCE,
            after=SOON if lost else None,
            ambiguous=lost,
        ) from None
    return Answer(status, _read(raw, status, repeatable))


def _read(raw: bytes, status: int, repeatable: bool) -> dict[str, Any]:
    if 300 <= status < 400:
        raise Retry(f"sent elsewhere (HTTP {status}): is the address right?", reason=Reason.ACCESS)
    try:
        body = json.loads(raw)
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise Retry(
            f"an answer nobody can read (HTTP {status})",
            reason=Reason.BUSY,
            after=SOON,
            ambiguous=not repeatable,
        )
    return body


def _never_left(error: BaseException | None) -> bool:
    """True only if the request cannot have reached the provider; a doubt is a no."""
    while error is not None:
        if isinstance(error, NEVER_LEFT):
            return True
        error = getattr(error, "reason", None) or error.__cause__ or error.__context__
    return False
