"""The serials that we print: unguessable outside, arithmetic inside (G15).

A serial is 20 letters of Crockford's base 32, 100 bits. It is a keyed permutation (eight Feistel
rounds, AES as the round function) of batch number and index in the batch: a second permutation, with
a key of the batch alone, hides the index among 60 bits of which 36 must come out as zero. So any
code that was never printed is told at once, without asking the database, and no two codes of a
batch look alike. The keys are derived from the deployment's own and are in no table.
"""

import hmac
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB
from numpy.typing import NDArray

from warmline.base.crypto import keys

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LETTERS = 20
INDEX_BITS = 24
BATCH_MAX, INDEX_MAX = 1 << 40, 1 << INDEX_BITS
ROUNDS = 8
Words = NDArray[np.uint64]

_LETTERS = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)
_VALUES = np.full(256, 255, dtype=np.uint8)
for _value, _letter in enumerate(ALPHABET):
    _VALUES[ord(_letter)] = _VALUES[ord(_letter.lower())] = _value
for _twin, _letter in (("O", "0"), ("I", "1"), ("L", "1")):  # as people misread them
    _VALUES[ord(_twin)] = _VALUES[ord(_twin.lower())] = _VALUES[ord(_letter)]


def write_many(batch: int, first: int, count: int) -> list[str]:
    """The serials of a run of units of one batch, in production order."""
    assert 0 <= batch < BATCH_MAX
    assert 0 <= first <= first + count <= INDEX_MAX
    index = np.arange(first, first + count, dtype=np.uint64)
    high, low = np.zeros(count, np.uint64), index  # 30 bits each; 36 of the 60 are zero
    high, low = _mixed(low >> np.uint64(30), low & _mask(30), bits=30, key=_batch_key(batch))
    inner = (high << np.uint64(30)) | low
    whole = np.full(count, batch, np.uint64)
    left = (whole << np.uint64(10)) | (inner >> np.uint64(50))  # 40 + 60 bits as 50 + 50
    left, right = _mixed(left, inner & _mask(50), bits=50, key=_outer_key())
    return _spelled(left, right)


def write(batch: int, index: int) -> str:
    return write_many(batch, index, 1)[0]


def read_many(serials: Sequence[str]) -> list[tuple[int, int] | None]:
    """Batch and index behind each, or None: it is no serial that this deployment ever printed."""
    found: list[tuple[int, int] | None] = [None] * len(serials)
    places = [n for n, s in enumerate(serials) if len(s) == LETTERS and s.isascii()]
    if not places:
        return found
    text = "".join([serials[n] for n in places]).encode()
    values = _VALUES[np.frombuffer(text, np.uint8)].reshape(-1, LETTERS)
    known = (values < 32).all(axis=1)
    digits = np.where(values < 32, values, 0).astype(np.uint64)
    left, right = np.zeros(len(places), np.uint64), np.zeros(len(places), np.uint64)
    for n in range(10):
        left = (left << np.uint64(5)) | digits[:, n]
        right = (right << np.uint64(5)) | digits[:, n + 10]
    left, right = _unmixed(left, right, bits=50, key=_outer_key())
    batches = left >> np.uint64(10)
    inner = ((left & _mask(10)) << np.uint64(50)) | right
    # A number that was never given out is most likely noise: spare its key derivation.
    known &= batches < np.uint64(1 << 31)
    for batch in np.unique(batches[known]):
        mine = known & (batches == batch)
        high, low = inner[mine] >> np.uint64(30), inner[mine] & _mask(30)
        high, low = _unmixed(high, low, bits=30, key=_batch_key(int(batch)))
        index = (high << np.uint64(30)) | low
        for place, at in zip(np.flatnonzero(mine), index, strict=True):
            if int(at) < INDEX_MAX:
                found[places[int(place)]] = (int(batch), int(at))
    return found


def read(serial: str) -> tuple[int, int] | None:
    return read_many([serial])[0]


def _mask(bits: int) -> np.uint64:
    return np.uint64((1 << bits) - 1)


def _mixed(left: Words, right: Words, *, bits: int, key: bytes) -> tuple[Words, Words]:
    for turn in range(ROUNDS):
        left, right = right, left ^ _scrambled(right, turn, bits, key)
    return left, right


def _unmixed(left: Words, right: Words, *, bits: int, key: bytes) -> tuple[Words, Words]:
    for turn in reversed(range(ROUNDS)):
        left, right = right ^ _scrambled(left, turn, bits, key), left
    return left, right


def _scrambled(half: Words, turn: int, bits: int, key: bytes) -> Words:
    blocks = np.empty((len(half), 2), np.uint64)
    blocks[:, 0], blocks[:, 1] = half, turn
    sealed = _cipher(key).update(blocks.tobytes())
    return np.frombuffer(sealed, np.uint64)[::2] & _mask(bits)


def _spelled(left: Words, right: Words) -> list[str]:
    letters = np.empty((len(left), LETTERS), np.uint8)
    for n in range(10):
        shift = np.uint64(45 - 5 * n)
        letters[:, n] = _LETTERS[(left >> shift) & np.uint64(31)]
        letters[:, n + 10] = _LETTERS[(right >> shift) & np.uint64(31)]
    text = letters.tobytes().decode()
    return [text[n : n + LETTERS] for n in range(0, len(text), LETTERS)]


@lru_cache(maxsize=512)
def _cipher(key: bytes) -> CipherContext:
    return Cipher(AES(key), ECB()).encryptor()  # noqa: S305 - a round function, no message


def _derived(what: str) -> bytes:
    return hmac.digest(keys().index, f"trace {what}".encode(), "sha256")[:16]


def _outer_key() -> bytes:
    return _derived_once("serials")


def _batch_key(batch: int) -> bytes:
    return _derived_once(f"batch {batch}")


@lru_cache(maxsize=4_096)
def _derived_once(what: str) -> bytes:
    return _derived(what)
