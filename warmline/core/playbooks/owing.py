"""From playbooks to what is owed: filled in as rows, then promised, or only counted."""

import json
from collections.abc import Iterable
from pathlib import Path

from warmline.base import sql
from warmline.core.playbooks.finders import FINDERS
from warmline.core.playbooks.models import Playbook

SQL = Path(__file__).parent / "sql"
DRAFT = 0  # a playbook that head office only tries out
COLUMNS = (
    "id", "signal", "condition", "promise_kind", "who", "days_after", "due", "within_hours",
    "purpose", "channel", "script_id", "weight",
)  # fmt: skip


def as_rows(playbooks: Iterable[Playbook]) -> str:
    """Playbooks as the JSON that the statements read, drafts included."""
    rows = []
    for playbook in playbooks:
        row = {name: getattr(playbook, name) for name in COLUMNS}
        known = FINDERS.get(playbook.signal)
        row |= {"id": playbook.pk or DRAFT, "grace_days": known.grace_days if known else 0}
        rows.append(row)
    return json.dumps(rows, default=str)


def begin() -> None:
    """A clean table of what is owed, for this transaction."""
    sql.changed(SQL / "owed_table.sql", {})
    sql.changed(SQL / "forget_owed.sql", {})


def promise() -> int:
    """Promise what is owed; how many promises are new."""
    return sql.changed(SQL / "promise.sql", {})
