"""Why a file cannot be read, in a sentence that says what to do about it."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES = {
    "gone": _("The file is not there any more. Upload it again."),
    "empty": _("The file is empty. Export it again and see that it has rows."),
    "only_heads": _("The file has heads but no rows below them. Export it with its rows."),
    "too_big": _("The file is larger than {most} MB. Split it by month or by store."),
    "too_many_rows": _("The file has more than {most} rows. Split it into smaller files."),
    "too_many_columns": _(
        "The table has more than {most} columns. Keep only the columns that are needed."
    ),
    "too_slow": _("Reading the file took too long. Save it as CSV, or split it, and try again."),
    "too_hungry": _(
        "The table needs too much memory to read. Copy only its rows into a new workbook,"
        " or save it as CSV, and try again."
    ),
    "bomb": _(
        "Unpacked, the file would be far larger than it looks. Copy its rows into a new workbook"
        " and upload that."
    ),
    "doctype": _(
        "The workbook holds a document type declaration, which real workbooks never do."
        " Open it in Excel or WPS, save it again as .xlsx and upload that."
    ),
    "encrypted": _(
        "The workbook is protected by a password. Open it, remove the password, save and try again."
    ),
    "damaged": _("The file is damaged. Open it in Excel or WPS, save it again as .xlsx or CSV."),
    "archive": _("This is a compressed archive. Unpack it and upload the table inside."),
    "not_a_table": _(
        "This is not a table. Upload an Excel workbook (.xlsx, .xls, .ods) or a CSV file."
    ),
    "old_excel": _("This workbook is from Excel 4 or older. Save it again as .xlsx."),
    "letters": _(
        "The letters of the file cannot be read. Save it as .xlsx or as CSV UTF-8 and try again."
    ),
    "quotes": _(
        "A quotation mark that opens at row {row} never closes. Mend that row or save as .xlsx."
    ),
    "no_sheet": _("The workbook has no sheet of that name. Choose one of its sheets."),
    "failed": _("The file could not be read. Save it again as .xlsx or CSV UTF-8 and try again."),
}


class Unreadable(Exception):
    """This file cannot be read at all: `reason_code` for programs, `sentence` for people."""

    def __init__(self, reason_code: str, facts: Mapping[str, Any] | None = None) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.facts = dict(facts or {})

    @property
    def sentence(self) -> str:
        words = SENTENCES.get(self.reason_code, SENTENCES["failed"])
        return str(words).format(**self.facts)

    def __str__(self) -> str:
        return " ".join([self.reason_code, *map(str, self.facts.values())])
