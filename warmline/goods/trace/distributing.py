"""Many servers: the tables that grow with every tin are spread by unit, on a server that has Citus.

Nothing else changes: the statements are the same on one server and on many, because a journey is
walked level by level and every key begins with the unit.
"""

from dataclasses import dataclass

from django.db import connection, transaction

BY_UNIT = {
    "trace_unit": "unit_id",
    "trace_unitevent": "unit_id",
    "trace_edge": "child_id",
    "trace_scan": "unit_id",
    "trace_scancount": "unit_id",
}
FIRST = next(iter(BY_UNIT))
SHARDS = 64
SPREAD = {
    "shard_count": "SELECT create_distributed_table(%s, %s, shard_count => %s)",
    "colocate_with": "SELECT create_distributed_table(%s, %s, colocate_with => %s)",
}


class NoCitus(Exception):
    """This server has no Citus to spread tables with."""


@dataclass(frozen=True, slots=True)
class Spread:
    table: str
    column: str
    is_spread: bool


def standing() -> list[Spread]:
    """Which tables are spread already; raises `NoCitus` where none can be."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'citus'")
        if cursor.fetchone() is None:
            cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'citus'")
            if cursor.fetchone() is None:
                raise NoCitus
            return [Spread(table, column, False) for table, column in BY_UNIT.items()]
        cursor.execute("SELECT logicalrelid::text FROM pg_dist_partition")
        spread = {row[0] for row in cursor.fetchall()}
    return [Spread(table, column, table in spread) for table, column in BY_UNIT.items()]


def distribute(*, shards: int = SHARDS) -> list[Spread]:
    """Spread them, one after the other, co-located by unit; what is spread stays as it is."""
    waiting = [one for one in standing() if not one.is_spread]
    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS citus")
    for one in waiting:
        # Beside the first, in as many shards as that has: also where somebody went on after a stop.
        how, value = ("shard_count", shards) if one.table == FIRST else ("colocate_with", FIRST)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = 0")
            # The foreign code table, lots, places and the private owners stay on the coordinator.
            cursor.execute(SPREAD[how], [one.table, one.column, value])
    return waiting
