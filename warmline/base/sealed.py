"""A sealed stream: AES-256-GCM in chunks, so that a backup of any size needs little memory.

Each chunk's nonce counts, and the last one says that it is: chunks cannot be cut off, swapped,
repeated or changed without being found out. The key is derived anew for every file.
"""

import hmac
import secrets
import struct
from collections.abc import Iterator
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"warmline sealed 1\n"
CHUNK = 1 << 20
TAG = 16
HEADER = len(MAGIC) + 8 + 16  # magic, whose key, salt


class Damaged(Exception):
    """The file is not what was written."""


class OtherKey(Exception):
    """The file is whole, perhaps, but was sealed with another key."""


def _key_mark(key: bytes) -> bytes:
    """Tells keys apart without telling them."""
    return hmac.digest(key, b"which key", "sha256")[:8]


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, b"warmline sealed stream").derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return struct.pack(">QxxxB", number, last)


class Sealer:
    """Write plain, have it sealed; `close()` marks the end, and without it the file is damaged."""

    def __init__(self, out: BinaryIO, key: bytes) -> None:
        salt = secrets.token_bytes(16)
        self._out, self._cipher = out, _cipher(key, salt)
        self._header = MAGIC + _key_mark(key) + salt
        self._waiting = bytearray()
        self._number = 0
        out.write(self._header)

    def write(self, plain: bytes) -> None:
        self._waiting += plain
        while len(self._waiting) > CHUNK:  # never the last byte: the last chunk is not empty
            self._seal(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        nonce = _nonce(self._number, last=last)
        self._out.write(self._cipher.encrypt(nonce, plain, self._header))
        self._number += 1


def unsealed(source: BinaryIO, key: bytes) -> Iterator[bytes]:
    """The plain bytes, chunk by chunk, each of them proven; raises `Damaged` or `OtherKey`."""
    header = source.read(HEADER)
    if len(header) != HEADER or not header.startswith(MAGIC):
        raise Damaged("not a sealed file")
    mark, salt = header[len(MAGIC) : len(MAGIC) + 8], header[-16:]
    if not hmac.compare_digest(mark, _key_mark(key)):
        raise OtherKey
    cipher, number = _cipher(key, salt), 0
    sealed = source.read(CHUNK + TAG)
    while sealed:
        following = source.read(CHUNK + TAG)
        try:
            yield cipher.decrypt(_nonce(number, last=not following), sealed, header)
        except InvalidTag:
            raise Damaged(f"chunk {number} is not what was written") from None
        sealed, number = following, number + 1
    if not number:
        raise Damaged("it is empty")
