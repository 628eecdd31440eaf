"""企业微信 callbacks: checking that a post is theirs, opening it, and sealing an answer."""

import base64
import binascii
import hashlib
import hmac
import re
import secrets
import struct
from collections.abc import Callable
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7

from warmline.base.clock import now
from warmline.core.contacts.channels import Unreadable

SEALED = re.compile(
    r"<Encrypt>\s*(?:<!\[CDATA\[)?\s*([A-Za-z0-9+/=\s]+?)\s*(?:\]\]>)?\s*</Encrypt>"
)
PADDED_TO_BITS = 32 * 8  # twice the block of AES itself
NOISE = 16
SKEW = timedelta(minutes=5)


class Forged(Exception):
    """The post is not from 企业微信, not for us, or too old."""


class Callback:
    """The shared secret of one callback address: Token and EncodingAESKey from their console."""

    def __init__(
        self,
        *,
        token: str,
        aes_key: str,
        receiver: str,
        clock: Callable[[], datetime] = now,
        skew: timedelta = SKEW,
    ) -> None:
        key = base64.b64decode(f"{aes_key}=")
        if len(key) != 32:
            raise ValueError("EncodingAESKey has 43 characters")
        self.token, self.receiver, self.clock, self.skew = token, receiver, clock, skew
        self.cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16]))

    def echo(self, *, signature: str, timestamp: str, nonce: str, echostr: str) -> str:
        """What their console wants to read back when the address is entered."""
        return self._opened(signature, timestamp, nonce, echostr)

    def open(self, *, signature: str, timestamp: str, nonce: str, body: bytes | str) -> str:
        """The XML inside a posted envelope, once it is sure to be theirs, for us and fresh."""
        envelope = body if isinstance(body, str) else body.decode("utf-8", "replace")
        # One element is looked for by hand: nothing is parsed before the signature is checked.
        if len(envelope) > 1_000_000 or not (sealed := SEALED.search(envelope)):
            raise Unreadable("no sealed envelope")
        return self._opened(signature, timestamp, nonce, sealed[1])

    def seal(self, words: str, *, timestamp: str, nonce: str) -> str:
        """The envelope around an answer of ours."""
        sealed = self.encrypt(words)
        signature = self.sign(timestamp, nonce, sealed)
        return (
            f"<xml><Encrypt><![CDATA[{sealed}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signature}]]></MsgSignature>"
            f"<TimeStamp>{int(timestamp)}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def sign(self, timestamp: str, nonce: str, sealed: str) -> str:
        line = "".join(sorted([self.token, timestamp, nonce, sealed]))
        return hashlib.sha1(line.encode()).hexdigest()  # noqa: S324 - their choice, not ours

    def encrypt(self, words: str) -> str:
        said = words.encode()
        plain = secrets.token_bytes(NOISE) + struct.pack("!I", len(said)) + said
        encryptor, padder = self.cipher.encryptor(), PKCS7(PADDED_TO_BITS).padder()
        padded = padder.update(plain + self.receiver.encode()) + padder.finalize()
        return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()

    def decrypt(self, sealed: str) -> str:
        """The words inside, if they were meant for our company."""
        try:
            data = base64.b64decode("".join(sealed.split()), validate=True)
            decryptor = self.cipher.decryptor()
            unpadder = PKCS7(PADDED_TO_BITS).unpadder()
            padded = decryptor.update(data) + decryptor.finalize()
            plain = unpadder.update(padded) + unpadder.finalize()
            (length,) = struct.unpack_from("!I", plain, NOISE)
            start = NOISE + 4
            words, receiver = (
                plain[start : start + length].decode(),
                plain[start + length :].decode(),
            )
        except (binascii.Error, ValueError, struct.error):
            raise Unreadable("an envelope that cannot be opened") from None
        if not hmac.compare_digest(receiver.encode(), self.receiver.encode()):
            raise Forged("meant for another company")
        return words

    def _opened(self, signature: str, timestamp: str, nonce: str, sealed: str) -> str:
        expected = self.sign(timestamp, nonce, sealed)
        if not hmac.compare_digest(expected.encode(), signature.encode("utf-8", "replace")):
            raise Forged("the signature does not match")
        self._check_fresh(timestamp)
        return self.decrypt(sealed)

    def _check_fresh(self, timestamp: str) -> None:
        try:
            age = abs(self.clock().timestamp() - int(timestamp))
        except ValueError:
            raise Forged("a time that is none") from None
        if age > self.skew.total_seconds():
            raise Forged("too old, or from the future")
