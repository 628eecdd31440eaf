"""The `react` loop's work: each reaction and its tick commit together, so it is done exactly once.

A claim is committed first, with an owner, so that a reaction which kills its worker is noticed; then
the work and the removal of its task share one transaction. A batch that fails is tried row by row:
one bad row is put back with a growing wait and set aside after eight tries, and delays nobody.

Listeners that take batches are claimed by the hundred, all others one at a time, so that a slow one
holds nothing else; and what may take minutes, an errand, is left to the loop that runs errands.
"""

import logging
from collections import defaultdict
from pathlib import Path
from time import monotonic
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models.functions import Now

from warmline.base import sql
from warmline.core.journal.listeners import Listener, errands, named
from warmline.core.journal.models import Entry, Task
from warmline.core.journal.signals import KINDS
from warmline.core.journal.workers import Shift, dead

SQL = Path(__file__).parent / "sql"
TRIES_MAX = 8
BATCH = 500
SINGLY_S = 1.0  # then batches have their turn again
log = logging.getLogger("warmline.react")


class Claim(NamedTuple):
    id: int
    listener: str
    entry: int
    tries: int


class LostClaim(Exception):
    """Someone took these tasks for a dead worker's: our work is rolled back, theirs counts."""


def react_once(shift: Shift, *, limit: int = BATCH, with_errands: bool = True) -> int:
    """Claim a batch and do it, then what is done singly; how many tasks (0: nothing to do)."""
    batch = _claimed("claim.sql", owner=shift.number, limit=limit)
    _do_all(shift, batch)
    done = len(batch)
    until = monotonic() + SINGLY_S
    while monotonic() < until and _do_one(shift, is_errand=False):
        done += 1
    return done + (run_errand(shift) if with_errands else 0)


def run_errand(shift: Shift) -> int:
    """Do one piece of work that may take minutes; 0: there is none."""
    return _do_one(shift, is_errand=True)


def _do_one(shift: Shift, *, is_errand: bool) -> int:
    asked = {"owner": shift.number, "errands": errands(), "is_errand": is_errand}
    one = _claimed("claim_alone.sql", **asked)
    _do_all(shift, one)
    return len(one)


def _claimed(how: str, **asked: Any) -> list[Claim]:
    return [Claim(*row) for row in sql.run(SQL / how, asked)]


def _do_all(shift: Shift, claims: list[Claim]) -> None:
    by_listener: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: c.entry):
        by_listener[claim.listener].append(claim)
    for name, mine in by_listener.items():
        listener = named(name)
        if listener is None:
            _put_back(shift, mine, f"no listener is called {name} in this version")
        elif listener.batch:
            _do_batch(shift, listener, mine)
        else:
            for claim in mine:
                _do(shift, listener, [claim])


def _do_batch(shift: Shift, listener: Listener, claims: list[Claim]) -> None:
    fresh = [c for c in claims if c.tries == 1]
    if fresh and not _do(shift, listener, fresh, quietly=len(fresh) > 1) and len(fresh) > 1:
        for claim in fresh:
            _do(shift, listener, [claim])
    for claim in claims:
        if claim.tries > 1:
            _do(shift, listener, [claim])


def _do(shift: Shift, listener: Listener, claims: list[Claim], *, quietly: bool = False) -> bool:
    """Work and tick in one transaction. Quietly: leave the claims with us, to be tried singly."""
    ids = [c.id for c in claims]
    try:
        with transaction.atomic():
            found = Entry.objects.in_bulk([c.entry for c in claims])
            entries = [found[c.entry] for c in claims]
            what = entries if listener.entries else [KINDS[e.kind].read(e.body) for e in entries]
            listener.react(what) if listener.batch else listener.react(what[0])
            _tick_off(shift, ids)
    except Exception as error:
        if not quietly:
            log.exception("%s failed on entry %s", listener.name, claims[0].entry)
            _put_back(shift, claims, f"{type(error).__name__}: {error}")
        return False
    return True


def _tick_off(shift: Shift, ids: list[int]) -> None:
    gone, _ = Task.objects.filter(pk__in=ids, owner_id=shift.number).delete()
    if gone != len(ids):
        raise LostClaim(f"{len(ids) - gone} of {len(ids)} tasks were taken over")


def _put_back(shift: Shift, claims: list[Claim], error: str) -> None:
    params = {
        "ids": [c.id for c in claims],
        "owner": shift.number,
        "error": error.replace("\0", ""),
    }
    sql.changed(SQL / "put_back.sql", {**params, "tries_max": TRIES_MAX})


def rescue(shift: Shift) -> int:
    """Give back what dead workers held; how many workers were found dead."""
    running = Task.objects.filter(status=Task.Status.RUNNING).exclude(owner_id=shift.number)
    owners = set(running.values_list("owner_id", flat=True))
    gone = [owner for owner in owners if owner is not None and dead(owner)]
    for owner in gone:
        sql.changed(SQL / "rescue.sql", {"owner": owner, "tries_max": TRIES_MAX})
    return len(gone)


def retry_aside(task_id: int) -> bool:
    """Head office mended the cause: let a task that was set aside try again."""
    put = Task.objects.filter(pk=task_id, status=Task.Status.ASIDE)
    return bool(put.update(status=Task.Status.READY, tries=0, owner_id=None, run_at=Now()))
