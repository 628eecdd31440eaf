"""Callbacks of 企业微信: theirs are opened, everyone else's are not."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.core.contacts.channels import Unreadable
from warmline.core.contacts.channels.wecom_crypto import Callback, Forged

# The example that 企业微信 ships with its own libraries.
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
ECHO = {
    "signature": "5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3",
    "timestamp": "1409659589",
    "nonce": "263014780",
    "echostr": "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ==",
}
POSTED = {
    "signature": "477715d11cdb4164915debcba66cb864d751f3e6",
    "timestamp": "1409659813",
    "nonce": "1372623149",
    "body": "<xml><ToUserName><![CDATA[wx5823bf96d3bd56c7]]></ToUserName><Encrypt><![CDATA[RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXxaccAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XXZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q==]]></Encrypt><AgentID><![CDATA[218]]></AgentID></xml>",  # noqa: E501
}
THEN = datetime.fromtimestamp(1409659700, UTC)


def callback(**changes):
    wanted = {"token": "QDG6eK", "aes_key": KEY, "receiver": "wx5823bf96d3bd56c7"}
    return Callback(**wanted | {"clock": lambda: THEN} | changes)


def test_their_own_example_echoes():
    assert callback().echo(**ECHO) == "1616140317555161061"


def test_their_own_example_opens():
    words = callback().open(**POSTED)
    assert words.startswith("<xml>")
    assert "<Content><![CDATA[hello]]></Content>" in words


@pytest.mark.parametrize("field", ["signature", "timestamp", "nonce"])
def test_anything_changed_is_forged(field):
    changed = POSTED | {field: POSTED[field][:-1] + "0"}
    with pytest.raises(Forged):
        callback().open(**changed)


def test_a_changed_body_is_forged():
    with pytest.raises(Forged):
        callback().open(**POSTED | {"body": POSTED["body"].replace("RypEv", "RypEw")})


def test_another_token_or_company_is_not_ours():
    with pytest.raises(Forged):
        callback(token="other").open(**POSTED)
    with pytest.raises(Forged, match="another company"):
        callback(receiver="ww-other").open(**POSTED)


@pytest.mark.parametrize("minutes", [-4, 8])
def test_an_old_post_is_not_played_again(minutes):
    later = THEN + timedelta(minutes=minutes)
    with pytest.raises(Forged, match="old"):
        callback(clock=lambda: later).open(**POSTED)


@pytest.mark.parametrize(
    "body", ["", "<xml></xml>", "<Encrypt></Encrypt>", b"\xff\x00", "x" * 2_000_000]
)
def test_what_is_no_envelope_is_unreadable(body):
    with pytest.raises(Unreadable):
        callback().open(**POSTED | {"body": body})


@pytest.mark.parametrize("sealed", ["AAAA", base64.b64encode(b"x" * 32).decode(), "====", "é"])
def test_an_envelope_sealed_by_nobody_is_unreadable(sealed):
    with pytest.raises((Unreadable, Forged)):
        callback().decrypt(sealed)


@settings(deadline=None)
@given(words=st.text(max_size=300))
def test_what_we_seal_opens_again(words):
    sealed = callback().encrypt(words)
    assert callback().decrypt(sealed) == words


def test_an_answer_of_ours_travels_in_an_envelope():
    box = callback()
    stamp = str(int(THEN.timestamp()))
    envelope = box.seal("<xml>好的</xml>", timestamp=stamp, nonce="n")
    sealed = envelope.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    signature = box.sign(stamp, "n", sealed)
    assert f"<MsgSignature><![CDATA[{signature}]]>" in envelope
    opened = box.open(signature=signature, timestamp=stamp, nonce="n", body=envelope)
    assert opened == "<xml>好的</xml>"


def test_a_key_of_the_wrong_length_is_said_at_the_start():
    with pytest.raises(ValueError, match="43"):
        callback(aes_key=KEY[:-4])
