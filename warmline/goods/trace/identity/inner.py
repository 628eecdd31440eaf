"""The code under the lid: 128 bits that only whoever opened the tin can know.

It is the unit's number and as many zeros again, under AES with a key of its own: it proves a purchase
where the outer code, which everybody in the shop can photograph, proves none.
"""

import hmac
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import ECB

from warmline.base.crypto import keys
from warmline.goods.trace.identity.serials import ALPHABET

LETTERS = 26
_TWINS = str.maketrans("OIL", "011")


def write(unit_id: int) -> str:
    """26 letters for the inside of the lid."""
    sealed = _cipher().encryptor().update(unit_id.to_bytes(8, "big") + bytes(8))
    number = int.from_bytes(sealed, "big")
    return "".join(ALPHABET[(number >> (5 * n)) & 31] for n in reversed(range(LETTERS)))


def read(code: str) -> int | None:
    """The unit that this code opens, or None: nobody printed it."""
    plain = code.strip().upper().replace("-", "").replace(" ", "").translate(_TWINS)
    if len(plain) != LETTERS or not set(plain) <= set(ALPHABET):
        return None
    number = 0
    for letter in plain:
        number = number << 5 | ALPHABET.index(letter)
    if number >> 128:
        return None
    opened = _cipher().decryptor().update(number.to_bytes(16, "big"))
    unit, rest = opened[:8], opened[8:]
    return None if any(rest) or unit[0] >> 7 else int.from_bytes(unit, "big")


def _cipher() -> Cipher[ECB]:
    return Cipher(AES(_key(keys().index)), ECB())  # noqa: S305 - one block, and a check in it


@lru_cache(maxsize=4)
def _key(index: bytes) -> bytes:
    return hmac.digest(index, b"trace inner codes", "sha256")[:16]
