"""Spreading tables: only where the server can, and by keys that begin with the unit."""

import pytest
from django.db import connection

from warmline.goods.trace import distributing

pytestmark = pytest.mark.django_db


def test_without_the_extension_it_says_so_and_changes_nothing():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_available_extensions WHERE name = 'citus'")
        if cursor.fetchone()[0]:
            pytest.skip("this server has Citus")
    with pytest.raises(distributing.NoCitus):
        distributing.standing()
    with pytest.raises(distributing.NoCitus):
        distributing.distribute()


@pytest.mark.parametrize(("table", "column"), distributing.BY_UNIT.items())
def test_every_unique_key_of_a_spread_table_holds_its_column(table, column):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, array_agg(a.attname::text) FROM pg_index i"
            " JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY(i.indkey)"
            " WHERE i.indrelid = %s::regclass AND i.indisunique GROUP BY 1",
            [table],
        )
        keys = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'f'",
            [table],
        )
        assert cursor.fetchone()[0] == 0
    assert keys
    assert all(column in columns for _index, columns in keys)


# What of Citus we call, with the names, the types and the order of its arguments as in Citus 11 to 13:
# each call is written down, and what Citus keeps of spread tables is filled as it does.
CITUS = """
SET LOCAL allow_system_table_mods = on;
INSERT INTO pg_extension (oid, extname, extowner, extnamespace, extrelocatable, extversion)
VALUES (99999, 'citus', 10, 'public'::regnamespace, false, '13.0-1');
SET LOCAL allow_system_table_mods = off;
CREATE TYPE distribution_type AS ENUM ('hash', 'range', 'append');
CREATE TABLE pg_dist_partition (logicalrelid regclass, partkey text, colocated text, shards int);
CREATE FUNCTION create_distributed_table(
    table_name regclass, distribution_column text, distribution_type distribution_type DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF colocate_with <> 'default' AND shard_count IS NOT NULL THEN
        RAISE 'cannot use colocate_with with a table and shard_count at the same time';
    END IF;
    IF colocate_with <> 'default'
       AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass) THEN
        RAISE 'relation % is not distributed', colocate_with;
    END IF;
    PERFORM 1 FROM pg_attribute WHERE attrelid = table_name AND attname = distribution_column;
    IF NOT FOUND THEN RAISE 'no column %', distribution_column; END IF;
    INSERT INTO pg_dist_partition VALUES (table_name, distribution_column, colocate_with, shard_count);
END $$;
"""


@pytest.fixture
def citus(db):
    """A server that answers as one with Citus does, until the test is over."""
    with connection.cursor() as cursor:
        cursor.execute(CITUS)


def spread_so_far():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT logicalrelid::text, partkey, colocated, shards FROM pg_dist_partition"
        )
        return cursor.fetchall()


def test_where_citus_is_each_table_is_spread_once_beside_the_first(citus):
    assert [one.is_spread for one in distributing.standing()] == [False] * 5
    done = distributing.distribute(shards=32)
    assert {one.table: one.column for one in done} == distributing.BY_UNIT
    assert spread_so_far() == [
        ("trace_unit", "unit_id", "default", 32),
        ("trace_unitevent", "unit_id", "trace_unit", None),
        ("trace_edge", "child_id", "trace_unit", None),
        ("trace_scan", "unit_id", "trace_unit", None),
        ("trace_scancount", "unit_id", "trace_unit", None),
    ]
    assert distributing.distribute() == [], "a second time there is nothing to do"
    assert len(spread_so_far()) == 5


def test_what_was_broken_off_goes_on_beside_what_is_spread(citus):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT create_distributed_table('trace_unit', 'unit_id', shard_count => 48)"
        )
    assert len(distributing.distribute(shards=32)) == 4
    assert {row[2] for row in spread_so_far()[1:]} == {"trace_unit"}, "in the same 48 shards"


@pytest.mark.parametrize(("table", "column"), distributing.BY_UNIT.items())
def test_nothing_that_citus_forbids_stands_on_a_spread_table(table, column):
    """One type of key for all that lie together; no trigger, and nothing refers to a row of it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
            " WHERE attrelid = %s::regclass AND attname = %s",
            [table, column],
        )
        assert cursor.fetchall() == [("bigint",)]
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_trigger WHERE tgrelid = %(table)s::regclass)"
            " + (SELECT count(*) FROM pg_constraint WHERE confrelid = %(table)s::regclass)",
            {"table": table},
        )
        assert cursor.fetchone()[0] == 0
