"""One call to a provider: what counts as an answer, and what a failure leaves open."""

import socket
import threading
from contextlib import contextmanager

import pytest

from warmline.core.contacts.channels import Reason, Retry
from warmline.core.contacts.channels.wire import call, is_loopback, session_for


@contextmanager
def somebody_who_says(raw: bytes):
    """A machine that reads a request and says just these bytes."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def talk():
        line, _ = listener.accept()
        with line:
            heard.append(line.recv(65_536))
            line.sendall(raw)

    thread = threading.Thread(target=talk, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    finally:
        thread.join(timeout=5)
        listener.close()


def http(body: bytes, *, status: str = "200 OK", headers: bytes = b"") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Length: %d\r\n%s\r\n%s" % (
        status.encode(),
        len(body),
        headers,
        body,
    )


def ask(url, **changes):
    with session_for(url) as session:
        return call(session, "POST", f"{url}/?secret=1", **{"read_s": 1.0} | changes)


def test_a_small_object_is_an_answer():
    with somebody_who_says(http(b'{"Code":"OK"}', status="400 Bad")) as (url, _):
        assert ask(url) == (400, {"Code": "OK"})


@pytest.mark.parametrize(
    "raw",
    [http(b""), http(b"<html>log in to the hotel</html>"), http(b"[]"), http(b"\xff"),
     http(b"{}", status="502 Bad Gateway")[:-1] + b"x", b"", b"HTTP/1.1 200 OK\r\n", b"SSH-2.0\r\n",
     b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",
     http(b"{" + b" " * 3_000_000 + b"}"),
     http(b"zzz", headers=b"Content-Encoding: gzip\r\n")],
)  # fmt: skip
def test_anything_else_leaves_it_open_whether_the_message_left(raw):
    with somebody_who_says(raw) as (url, _), pytest.raises(Retry) as retry:
        ask(url)
    assert retry.value.ambiguous
    assert "secret" not in str(retry.value)


def test_a_question_can_be_asked_again_and_is_never_ambiguous():
    with somebody_who_says(b"") as (url, _), pytest.raises(Retry) as retry:
        ask(url, repeatable=True)
    assert not retry.value.ambiguous


def test_a_redirect_is_not_followed():
    away = http(b"", status="302 Found", headers=b"Location: http://shop.example/\r\n")
    with somebody_who_says(away) as (url, _), pytest.raises(Retry) as retry:
        ask(url)
    assert (retry.value.reason, retry.value.ambiguous) == (Reason.ACCESS, False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "nonsense", "http://"])
def test_an_address_that_cannot_be_reached_is_not_ambiguous(url):
    with pytest.raises(Retry) as retry:
        ask(url)
    assert not retry.value.ambiguous


def test_no_proxy_and_no_netrc_comes_between_us_and_the_fakes(monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login x password y")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    with somebody_who_says(http(b"{}")) as (url, heard):
        ask(url, headers={"authorization": "ours"})
    assert b"authorization: ours" in heard[0]


@pytest.mark.parametrize(
    ("host", "near"),
    [("127.0.0.1", True), ("127.8.8.8", True), ("::1", True), ("localhost", True),
     ("localhost.shop.example", False), ("10.0.0.1", False), ("", False), (None, False)],
)  # fmt: skip
def test_what_is_this_machine(host, near):
    assert is_loopback(host) is near
