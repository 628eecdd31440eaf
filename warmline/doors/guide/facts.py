"""What a family's file says of the family: read with one statement, and ready to be written down."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.base.crypto import unsealed
from warmline.core.people.models import Child, Household, Member, MemoryNote

FILE = Path(__file__).parent / "file.sql"
FEEDINGS = {feeding.value: feeding.label for feeding in Child.Feeding}
SEXES = {sex.value: sex.label for sex in Child.Sex}
RELATIONS = {relation.value: relation.label for relation in Member.Relation}


@dataclass(frozen=True, slots=True)
class Adult:
    name: str
    relation: str  # in words
    member_no: str
    phone: str


@dataclass(frozen=True, slots=True)
class Baby:
    pk: int
    name: str
    sex: str
    born_on: date | None
    due_on: date | None
    feeding: str
    is_frozen: bool

    @property
    def about(self) -> list[str]:
        """How it is fed and what it is, in words: as far as somebody said."""
        said = (
            FEEDINGS.get(self.feeding) if self.feeding else "",
            SEXES.get(self.sex) if self.sex else "",
        )
        return [str(word) for word in said if word]


@dataclass(frozen=True, slots=True)
class Note:
    pk: int
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Of a family that the reader was found to see: this does not ask again."""

    name: str
    members: list[Adult]
    children: list[Baby]
    notes: list[Note]
    consents: list[tuple[str, int | None, bool]]  # the later holds
    run_outs: list[dict[str, Any]]
    has_days: bool
    has_handover: bool


def facts_of(family: Household) -> Facts:
    read: dict[str, Any] = json.loads(sql.run(FILE, {"household": family.pk})[0][0])
    members = [_adult(row) for row in read["members"] or ()]
    return Facts(
        name=members[0].name if members else f"#{family.pk}",
        members=members,
        children=[_baby(row) for row in read["children"] or ()],
        notes=[
            Note(row["pk"], row["kind"], _plain(row["text"], MemoryNote, "text"))
            for row in read["notes"] or ()
        ],
        consents=[(purpose, child, granted) for purpose, child, granted in read["consents"] or ()],
        run_outs=read["run_outs"] or [],
        has_days=read["has_days"],
        has_handover=read["has_handover"],
    )


def _adult(row: dict[str, Any]) -> Adult:
    return Adult(
        name=row["name"],
        relation=str(RELATIONS.get(row["relation"], row["relation"])),
        member_no=row["member_no"] or "",
        phone=_plain(row["phone"], Member, "phone"),
    )


def _baby(row: dict[str, Any]) -> Baby:
    return Baby(
        pk=row["pk"],
        name=_plain(row["name"], Child, "name"),
        sex=row["sex"],
        born_on=day(row["born_on"]),
        due_on=day(row["due_on"]),
        feeding=row["feeding"],
        is_frozen=row["is_frozen"],
    )


def _plain(sealed: str, model: Any, field: str) -> str:
    return unsealed(bytes.fromhex(sealed), model, field)


def day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None
