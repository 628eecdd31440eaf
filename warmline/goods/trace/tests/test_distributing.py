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
