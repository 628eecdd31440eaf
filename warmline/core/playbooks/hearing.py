"""Playbooks hear what happened: entries of the journal become promises, many in two statements."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.listeners import on_playable
from warmline.core.journal.models import Entry
from warmline.core.playbooks import owing
from warmline.core.playbooks.models import Playbook

SQL = Path(__file__).parent / "sql"
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@on_playable
def hear(entries: list[Entry]) -> None:
    """Promise what the playbooks that are on call for; each entry and playbook once."""
    kinds = {entry.kind for entry in entries}
    playbooks = list(Playbook.objects.filter(is_on=True, signal__in=kinds))
    if not playbooks:
        return
    owing.begin()
    called = {playbook.signal for playbook in playbooks}
    if reckon(playbooks, [e.pk for e in entries if e.kind in called], since=now()):
        owing.promise()


def reckon(playbooks: list[Playbook], entries: Sequence[int], *, since: datetime = LONG_AGO) -> int:
    """What these entries of the journal make us owe, not before `since`; how many."""
    asked = {"playbooks": owing.as_rows(playbooks), "entries": list(entries), "now": since}
    return sql.changed(SQL / "hear.sql", asked)
