"""Field encryption (G21): what a stolen dump, disk or backup must not tell.

A cipher text is `version(1) key-id(1) nonce(12) AES-256-GCM(text)` with "table.column" as associated
data, so that a value cannot be moved to another column. The blind index of a phone is
`HMAC-SHA256(index key, E.164)[:16]`; index key ≠ data key. Both live in `<data>/keys.json` (0600),
never in the database and never in a backup: the number space is small enough to try every number.
"""

import base64
import hmac
import json
import os
import secrets
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import models

VERSION = 1


class KeyRing:
    """The keys of one deployment."""

    def __init__(self, file: Path) -> None:
        kept = json.loads(file.read_text())
        self.current: int = kept["current"]
        self.data = {int(k): AESGCM(base64.b64decode(v)) for k, v in kept["data"].items()}
        self.index = base64.b64decode(kept["index"])
        self.secret: str = kept["secret"]
        self.backup = base64.b64decode(kept["backup"])

    @staticmethod
    def create(file: Path) -> None:
        """Write new keys, readable by the owner alone. A file that is there is never touched."""
        fresh = lambda: base64.b64encode(secrets.token_bytes(32)).decode()  # noqa: E731
        keys = {"current": 1, "data": {"1": fresh()}, "index": fresh(), "backup": fresh()}
        keys["secret"] = secrets.token_urlsafe(50)
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            json.dump(keys, out)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            pass
        finally:
            draft.unlink()


@lru_cache(maxsize=8)
def _ring(file: Path) -> KeyRing:
    if not file.exists():
        KeyRing.create(file)
    return KeyRing(file)


def keys() -> KeyRing:
    return _ring(settings.KEY_FILE)


def encrypt(text: str, *, place: str) -> bytes:
    ring, nonce = keys(), secrets.token_bytes(12)
    sealed = ring.data[ring.current].encrypt(nonce, text.encode(), place.encode())
    return bytes((VERSION, ring.current)) + nonce + sealed


def decrypt(sealed: bytes, *, place: str) -> str:
    return keys().data[sealed[1]].decrypt(sealed[2:14], sealed[14:], place.encode()).decode()


def unsealed(value: bytes | None, model: type[models.Model], field: str) -> str:
    """An encrypted column of a row that plain SQL has read."""
    if not value:
        return ""
    return decrypt(bytes(value), place=f"{model._meta.db_table}.{field}")


def blind(text: str) -> bytes:
    """The blind index of a phone number: equal numbers have equal bytes, and nothing else shows."""
    return hmac.digest(keys().index, text.encode(), "sha256")[:16]


if TYPE_CHECKING:
    Sealed = models.Field[str, str]  # to Python it is text, whatever the column holds
else:
    Sealed = models.BinaryField


class EncryptedTextField(Sealed):
    """Text that is cipher text in the database. Empty stays empty; it cannot be searched."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", b"")
        kwargs["editable"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    @property
    def place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"

    def get_default(self) -> str:
        return ""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> str:
        return decrypt(bytes(value), place=self.place) if value else ""

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        sealed = encrypt(value, place=self.place) if value else b""
        return super().get_db_prep_value(sealed, connection, prepared)

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> str:
        raise NotImplementedError("encrypted fields are not serialised")
