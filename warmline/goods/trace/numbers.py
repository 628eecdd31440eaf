"""Ids that carry their time, so that rows born together lie together, and a month is a range.

An event's id is milliseconds since 2020 and twenty bits of a counter. A unit's id is the quarter of
its birth, then either the batch and the place in it (our own codes), or, with the marking bit, a
counter (codes that somebody else printed).
"""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from warmline.base.clock import now
from warmline.goods.trace.identity.serials import INDEX_BITS

EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
COUNTER_BITS = 20
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
        cursor.execute("SELECT nextval('trace_counter') FROM generate_series(1, %s)", [count])
        counted = [row[0] for row in cursor.fetchall()]
    base = floor_of(now())
    return sorted(base | (n & ((1 << COUNTER_BITS) - 1)) for n in counted)


def foreign_base() -> int:
    """What the numbers of foreign codes of this quarter have in common."""
    return (this_quarter() << QUARTER_SHIFT) | FOREIGN
