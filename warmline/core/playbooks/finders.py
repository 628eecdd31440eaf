"""Finders: what no signal announces and every morning looks for, such as a tin that will be empty.

A finder is a `.sql` file of the service that knows; it INSERTs into the temporary table `found`
(kind, household_id, child_id, subject, due_on, facts, weight) what falls due from `%(first)s` until
`%(last)s`. The subject names the step, so that a step is planned once however often it is found.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from warmline.base import sql
from warmline.core.playbooks.facts import STANDING, Fact
from warmline.core.playbooks.models import Playbook

SQL = Path(__file__).parent / "sql"
Params = Callable[[date, date], Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Finder:
    kind: str
    file: Path
    grace_days: int  # a step that found no room may still be taken so many days later
    params: Params | None = None
    replay: Path | None = None  # how it would have found them in the past, if the state forgot


FINDERS: dict[str, Finder] = {}


def finder(
    kind: str,
    file: Path,
    *,
    name: Any,
    facts: Iterable[Fact] = (),
    grace_days: int = 0,
    params: Params | None = None,
    replay: Path | None = None,
) -> None:
    """Let playbooks be written on what this file finds; a form offers it by name."""
    FINDERS[kind] = Finder(
        kind=kind, file=file, grace_days=grace_days, params=params, replay=replay
    )
    STANDING[kind] = (name, tuple(facts))


def find(playbooks: Iterable[Playbook], on: date) -> int:
    """Fill `found` with whatever these playbooks may call for on this day; how many rows."""
    return find_between(playbooks, on, on)


def find_between(
    playbooks: Iterable[Playbook], since: date, until: date, *, replay: bool = False
) -> int:
    """The same for a row of days; as a replay, as it would have been found then."""
    sql.changed(SQL / "found_table.sql", {})
    sql.changed(SQL / "forget_found.sql", {})
    leads: dict[str, list[int]] = {}
    for playbook in playbooks:
        leads.setdefault(playbook.signal, []).append(playbook.days_after)
    found = 0
    for kind, days in leads.items():
        it = FINDERS[kind]
        first = since - timedelta(days=max(days) + it.grace_days)
        last = until - timedelta(days=min(days))
        extra = it.params(first, last) if it.params else {}
        file = (replay and it.replay) or it.file
        found += sql.changed(file, {"first": first, "last": last, **extra})
    return found
