"""The data that others wrote (see `data/epcis/README.md`): which files, and what is said of them."""

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data" / "epcis"


@dataclass(frozen=True)
class Given:
    """One file with the verdict of its manifest."""

    file: str
    category: str
    valid: bool | None
    n_events: int

    def __str__(self) -> str:
        return self.file

    @property
    def body(self) -> bytes:
        return (DATA / self.file).read_bytes()

    @property
    def said(self):
        return json.loads(self.body.decode("utf-8-sig"))

    def companion(self, ending: str) -> list[str]:
        return (DATA / self.file).with_suffix(ending).read_text(encoding="utf-8").split("\n")


def given(*categories: str) -> list[Given]:
    listed = json.loads((DATA / "manifest.json").read_text(encoding="utf-8"))["files"]
    return [
        Given(f["file"], f["category"], f.get("valid"), f.get("n_events") or 0)
        for f in listed
        if f["category"] in categories
    ]


WITH_EVENTS = given(
    "document",
    "bare-event",
    "invalid",
    "query-document",
    "invalid-query-document",
    "hash-vector",
    "hash-equal",
)
VALID = [g for g in WITH_EVENTS if g.valid]
INVALID = [g for g in WITH_EVENTS if not g.valid]
VECTORS = given("hash-vector")
