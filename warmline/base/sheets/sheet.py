"""A file that somebody uploaded: look what it is, then pour its rows out. Reading is done by a
child process with limits (G16): whatever the file does to it, we live and say why.

    sheet = look(path, kind="sales")
    with sheet.pour(sheet.mapping.places(FIELDS)) as rows, cursor.copy(STAGE) as copy:
        for block in rows:
            copy.write(block)
    print(rows.tally.rows, rows.tally.faulty)
"""

import json
import os
import select
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from warmline.base.sheets import heads
from warmline.base.sheets.limits import MB, Limits
from warmline.base.sheets.reading.feed import Tally
from warmline.base.sheets.reading.lines import SAMPLE_ROWS
from warmline.base.sheets.unreadable import Unreadable

ROOT = Path(__file__).resolve().parents[3]
CHILD = "warmline.base.sheets.reading.child"
BLOCK = 1 << 18


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel shows it, what was wrong with it as a row, its cells."""

    no: int
    fault: str
    cells: list[str]


@dataclass(frozen=True)
class Sheet:
    """What a look into a file showed. `names` are its heads, `mapping` what they seem to mean."""

    path: Path
    limits: Limits
    format: str
    encoding: str
    delimiter: str
    old_mac: bool
    sheet: str
    sheets: tuple[str, ...]
    lines: int
    head: heads.Head
    sample: tuple[tuple[str, ...], ...]

    @property
    def names(self) -> list[str]:
        return self.head.names

    @property
    def mapping(self) -> heads.Mapping:
        return self.head.mapping

    def pour(self, columns: Sequence[int | None] | None = None) -> "Pour":
        """All rows as COPY text: row number, fault, then these columns (None: an empty cell)."""
        width = range(len(self.head.cells))
        return Pour(self, list(width) if columns is None else list(columns))

    def pour_coded(self, parts: Sequence[Sequence[int | None]]) -> "CodedPour":
        """All rows as COPY text: row number, fault, and a number for each of these groups of
        columns; what the numbers mean is `CodedPour.different`."""
        return CodedPour(self, parts)

    def rows(self, columns: Sequence[int | None] | None = None) -> Iterator[Row]:
        """The same rows as Python lists, for small files and for files to mend."""
        left = b""
        with self.pour(columns) as blocks:
            for block in blocks:
                *lines, left = (left + block).split(b"\n")
                yield from map(_row, lines)


def look(
    path: str | Path,
    *,
    kind: str | None = None,
    limits: Limits | None = None,
    sheet: str | None = None,
    head_row: int | None = None,
) -> Sheet:
    """Open the file as far as needed to say what it is, or raise Unreadable with the reason.

    A person who knows better says the `kind`, the `sheet` or the row of the heads.
    """
    limits, path = limits or Limits(), Path(path)
    child = Child({"task": "look", "sheet": sheet}, path=path, limits=limits)
    with child:
        for _block in child:
            pass
    found = child.done
    sample = found["sample"]
    head = heads.find_head(sample, kind=kind, row=head_row)
    below = sample[head.row :]
    if len(sample) < SAMPLE_ROWS and not any(cell.strip() for row in below for cell in row):
        raise Unreadable("only_heads")
    return Sheet(
        path=path,
        limits=limits,
        format=found["kind"],
        encoding=found["encoding"],
        delimiter=found["delimiter"],
        old_mac=found["old_mac"],
        sheet=found["sheet"],
        sheets=tuple(found["sheets"]),
        lines=found["lines"],
        head=head,
        sample=tuple(tuple(row) for row in below),
    )


class Child:
    """The process that reads. Iterate over what it writes; what it found out is `done`."""

    def __init__(self, job: dict[str, Any], *, path: Path, limits: Limits) -> None:
        self.limits = limits
        self.done: dict[str, Any] = {}
        file = _open(path, limits)
        listen, report = os.pipe()
        job |= {"file": file, "report": report, "limits": asdict(limits)}
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-B", "-m", CHILD, json.dumps(job)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
                pass_fds=(file, report),
                start_new_session=True,
            )
        except BaseException:
            os.close(listen)
            raise
        finally:
            os.close(file)
            os.close(report)
        self._listen = listen

    def __enter__(self) -> Self:
        return self

    def __iter__(self) -> Iterator[bytes]:
        out = self._process.stdout
        assert out is not None
        while True:
            ready, _, _ = select.select([out], [], [], self.limits.quiet_s)
            if not ready:
                raise Unreadable("too_slow")
            block = os.read(out.fileno(), BLOCK)
            if not block:
                break
            yield block
        self._hear()

    def _hear(self) -> None:
        """Its last word; none means that it was stopped, and the signal says by what."""
        with os.fdopen(os.dup(self._listen), encoding="utf-8") as listen:
            word = listen.read()
        code = self._process.wait()
        report = json.loads(word) if word else {}
        if "unreadable" in report:
            raise Unreadable(report["unreadable"], report["facts"])
        if "done" in report:
            self.done = report["done"]
        elif code in (-signal.SIGXCPU, -signal.SIGKILL):
            raise Unreadable("too_slow")
        elif code in (-signal.SIGABRT, -signal.SIGSEGV):
            raise Unreadable("too_hungry")
        else:
            raise Unreadable("failed")

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        os.close(self._listen)


class Pour(Child):
    """The rows below the heads, block by block; `tally` is known when the last has come."""

    def __init__(self, sheet: Sheet, columns: list[int | None], **more: Any) -> None:
        job = {
            "task": "pour",
            "sheet": sheet.sheet,
            "encoding": sheet.encoding,
            "delimiter": sheet.delimiter,
            "old_mac": sheet.old_mac,
            "head_row": sheet.head.row,
            "heads": sheet.head.cells,
            "columns": columns,
            **more,
        }
        super().__init__(job, path=sheet.path, limits=sheet.limits)

    @property
    def tally(self) -> Tally:
        return Tally(**self.done)


class CodedPour(Pour):
    """Rows that point to their parts (`reading.coding`). Iterate over the rows; each part that was
    new on the way is kept for `different`."""

    def __init__(self, sheet: Sheet, parts: Sequence[Sequence[int | None]]) -> None:
        columns = [column for part in parts for column in part]
        super().__init__(sheet, columns, parts=[len(part) for part in parts])
        self._said: list[list[bytes]] = [[] for _part in parts]

    def __iter__(self) -> Iterator[bytes]:
        got, blocks = b"", super().__iter__()
        for block in blocks:
            got += block
            while (head := got.find(b"\n")) >= 0:
                end = head + 1 + int(got[1:head])
                if len(got) < end:
                    break
                letter, body, got = got[:1], got[head + 1 : end], got[end:]
                if letter == b"r":
                    yield body
                else:
                    self._said[int(letter)].append(body)

    def different(self, part: int) -> Iterator[list[str]]:
        """The cells of each different part in the order of their numbers, from 0."""
        for body in self._said[part]:
            for line in body[:-1].split(b"\n"):
                yield [_plain(c) if "\\" in c else c for c in line.decode().split("\t")]


def _open(path: Path, limits: Limits) -> int:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise Unreadable("gone") from error
    try:
        facts = os.fstat(file)
        if not stat.S_ISREG(facts.st_mode):
            raise Unreadable("not_a_table")
        if facts.st_size == 0:
            raise Unreadable("empty")
        if facts.st_size > limits.file_bytes:
            raise Unreadable("too_big", {"most": limits.file_bytes // MB})
    except Unreadable:
        os.close(file)
        raise
    return file


def _row(line: bytes) -> Row:
    no, fault, *cells = line.decode().split("\t")
    return Row(int(no), fault, [_plain(cell) if "\\" in cell else cell for cell in cells])


def _plain(cell: str) -> str:
    parts = cell.split("\\\\")
    for at, part in enumerate(parts):
        parts[at] = part.replace("\\t", "\t").replace("\\n", "\n").replace("\\r", "\r")
    return "\\".join(parts)
