"""An uploaded file is kept sealed in the database, where every worker of the chain can read it, and
is laid open on disk only while the limited child reads it."""

import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from warmline.base.crypto import keys
from warmline.service.intake.models import FilePart, Import

PART = 1 << 20
PLACE = b"intake_filepart.sealed"


def seal(content: bytes) -> bytes:
    ring, nonce = keys(), secrets.token_bytes(12)
    return bytes([ring.current]) + nonce + ring.data[ring.current].encrypt(nonce, content, PLACE)


def unseal(sealed: bytes) -> bytes:
    return keys().data[sealed[0]].decrypt(sealed[1:13], sealed[13:], PLACE)


def keep(file: Import, blocks: Iterable[bytes]) -> None:
    FilePart.objects.bulk_create(
        (FilePart(of=file, nth=n, sealed=seal(block)) for n, block in enumerate(blocks)),
        batch_size=8,
    )


def blocks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(PART):
            yield block


def digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


@contextlib.contextmanager
def laid_open(file: Import) -> Iterator[Path]:
    """The file on disk for a moment, readable by us alone. Gone when it was cleared away."""
    with tempfile.TemporaryDirectory(prefix="warmline-import-") as folder:
        path = Path(folder) / "table"
        with path.open("wb") as out:
            parts = FilePart.objects.filter(of=file).order_by("nth")
            for sealed in parts.values_list("sealed", flat=True).iterator(chunk_size=4):
                out.write(unseal(bytes(sealed)))
        yield path
