"""Ids that carry their time, so that rows born together lie together, and a month is a range.

An event's id is milliseconds since 2020 and twenty bits: ten of a counter, ten for whatever is born
with it. A unit's id is the quarter of its birth, then either the batch and the place in it (our own
codes), or, with the marking bit, a counter and ten bits likewise (codes that somebody else printed).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from django.db import connection

from warmline.base.clock import now
from warmline.goods.trace.identity.serials import INDEX_BITS

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
COUNTER_BITS = 20
BLOCK_BITS = 10
BLOCK = 1 << BLOCK_BITS  # numbers that one step of a counter stands for
QUARTER_SHIFT = 53
FOREIGN = 1 << 52
BATCH_MASK = (1 << 28) - 1
INDEX_MASK = (1 << INDEX_BITS) - 1


def quarter_of(day: date) -> int:
    return (day.year - 2020) * 4 + (day.month - 1) // 3


def this_quarter() -> int:
    return quarter_of(now().date())


def is_foreign(unit_id: int) -> bool:
    return bool(unit_id & FOREIGN)


def batch_of(unit_id: int) -> int:
    """The batch of one of our own codes."""
    return (unit_id >> INDEX_BITS) & BATCH_MASK


def index_of(unit_id: int) -> int:
    return unit_id & INDEX_MASK


def floor_of(at: datetime) -> int:
    """The smallest event id of this instant."""
    return max(0, int((at - EPOCH) / timedelta(milliseconds=1))) << COUNTER_BITS


def time_of(event_id: int) -> datetime:
    """When an event with this id was recorded."""
    return EPOCH + timedelta(milliseconds=event_id >> COUNTER_BITS)


def take(count: int) -> list[int]:
    """So many fresh ids of this instant."""
    with connection.cursor() as cursor:
        steps = blocks_of(count)
        cursor.execute("SELECT nextval('trace_counter') FROM generate_series(1, %s)", [steps])
        return ids_of([row[0] for row in cursor.fetchall()], count)


def blocks_of(count: int) -> int:
    """How many steps of a counter so many numbers need."""
    return -(-count // BLOCK)


def ids_of(steps: Iterable[int], count: int) -> list[int]:
    """So many ids of this instant, from these steps of the counter."""
    base = floor_of(now())
    within = (1 << COUNTER_BITS - BLOCK_BITS) - 1
    return _numbered(sorted(base | (step & within) << BLOCK_BITS for step in steps), count)


def foreign_of(steps: Iterable[int], count: int) -> list[int]:
    """So many numbers for codes of others, of this quarter, from these steps of their counter."""
    base = (this_quarter() << QUARTER_SHIFT) | FOREIGN
    return _numbered([base | step << BLOCK_BITS for step in steps], count)


def _numbered(blocks: list[int], count: int) -> list[int]:
    return [block | n for block in blocks for n in range(BLOCK)][:count]
