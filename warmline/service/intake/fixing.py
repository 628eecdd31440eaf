"""The file to mend: its bad rows as they came, with what is wrong beside them."""

from pathlib import Path
from typing import BinaryIO

from warmline.base import sheets
from warmline.base.exports import Format, write_fix_file
from warmline.service.intake.checking import opened
from warmline.service.intake.findings import problems_of
from warmline.service.intake.models import Import


def write(file: Import, out: BinaryIO, *, form: Format, path: Path | None = None) -> int:
    """How many rows it has. Mended and uploaded again, its columns about problems say nothing."""
    limits = sheets.Limits.for_operator() if path else None
    with opened(file, path=path, limits=limits) as sheet:
        return write_fix_file(out, sheet=sheet, problems=problems_of(file), form=form)
