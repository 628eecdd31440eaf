"""What is poured goes straight into a table, and the table holds what the file held."""

import pytest
from django.db import connection

from warmline.base import sheets

AWKWARD = [
    "",
    " ",
    "\\",
    "\\N",
    "\\.",
    "a\tb",
    "a\nb",
    "a\r\nb",
    '"',
    "a,b",
    "NULL",
    "长",
    "🍼",
    "é",
]


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"'


def stage(cursor, sheet, fields=None):
    with sheet.pour(fields) as rows, cursor.copy("COPY staged FROM STDIN") as copy:
        for block in rows:
            copy.write(block)
    return rows.tally


@pytest.mark.django_db
def test_awkward_cells_arrive_in_the_table_as_they_were(brought):
    body = "".join(f"V{n},{quoted(cell)},{n}\n" for n, cell in enumerate(AWKWARD))
    sheet = sheets.look(brought("卡号,姓名,积分\n" + body))

    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE staged (row_no int, fault text, points text, store text, name text)"
        )
        fields = sheet.mapping.places(["points", "store", "name"])
        tally = stage(cursor, sheet, fields)
        cursor.execute("SELECT row_no, fault, points, store, name FROM staged ORDER BY row_no")
        staged = cursor.fetchall()

    assert tally.rows == len(AWKWARD)
    assert [row[2] for row in staged] == [str(n) for n in range(len(AWKWARD))]
    assert [row[4].replace("\r\n", "\n") for row in staged] == [
        cell.replace("\r\n", "\n") for cell in AWKWARD
    ]
    assert {row[3] for row in staged} == {""}
    assert [row.cells[1] for row in sheet.rows()] == [row[4] for row in staged]


@pytest.mark.django_db
def test_a_file_that_turns_out_unreadable_halfway_leaves_nothing(brought):
    sheet = sheets.look(
        brought("卡号,姓名\n" + "V1,王\n" * 50_000), limits=sheets.Limits(rows=40_000)
    )

    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staged (row_no int, fault text, no text, name text)")
        with pytest.raises(sheets.Unreadable):
            stage(cursor, sheet)
