"""Rows of small files, cell by cell, with what is wrong noted beside them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from warmline.base.sheets import FAULTS, Sheet
from warmline.base.sheets.cells import BadCell
from warmline.service.intake import mapping
from warmline.service.intake.findings import Found, of_cell
from warmline.service.intake.models import Import

T = TypeVar("T")


@dataclass
class Cells:
    """One row: its number, its cells by field, and what is wrong with it."""

    no: int
    said: dict[str, str]
    wrong: list[Found] = field(default_factory=list)

    def read(self, name: str, parse: Callable[..., T | None], **how: Any) -> T | None:
        """What a cell means; what cannot be understood is noted, and nothing."""
        text = self.said.get(name, "")
        try:
            return parse(text, **how)
        except BadCell as bad:
            self.wrong.append(of_cell(self.no, name, bad, text))
            return None

    def blame(self, name: str, reason: str, **facts: Any) -> None:
        self.wrong.append(Found(self.no, name, reason, facts, self.said.get(name, "")))

    def has(self, name: str) -> bool:
        return name in self.said

    def text(self, name: str) -> str:
        return self.said.get(name, "")


def rows_of(file: Import, sheet: Sheet) -> Iterator[Cells]:
    names = [name for name in mapping.fields_of(file.kind) if name in file.columns]
    for row in sheet.rows([file.columns[name] for name in names]):
        cells = Cells(row.no, dict(zip(names, row.cells, strict=True)))
        if row.fault:
            cells.wrong.append(Found(row.no, "", str(FAULTS[row.fault])))
        yield cells
