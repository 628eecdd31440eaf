"""What leaves the house opens as text, runs nothing, and comes back as it went."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.base import exports, sheets
from warmline.base.exports import Problem
from warmline.base.sheets.cells import parse_text

ATTACKS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "\0=1+1",
    "  =1+1",
    "\u3000＝1+1",
    "＋1",
    "－1",
    "＠SUM(A1)",
    "\u200b=1",
    "﹢1",
]


def csv_of(rows, heads=("甲", "乙")) -> list[list[str]]:
    data = b"".join(exports.csv_blocks(heads=heads, rows=rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data, newline="")))


def xlsx_of(tmp_path, rows, heads=("甲", "乙")):
    path = tmp_path / "out.xlsx"
    with path.open("wb") as out:
        exports.write_table(out, heads=heads, rows=rows, form="xlsx")
    return path


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_in_a_cell_is_disarmed_in_csv(attack):
    cell = csv_of([[attack, "x"]])[1][0]

    assert cell.startswith("'")
    assert not exports.is_dangerous(cell)


def test_heads_are_disarmed_too():
    assert csv_of([], heads=["=1", "b"])[0] == ["'=1", "b"]


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_formula_in_a_cell_of_excel_is_text(tmp_path, attack):
    path = xlsx_of(tmp_path, [[attack, "x"]])

    with zipfile.ZipFile(path) as pack:
        page = pack.read("xl/worksheets/sheet1.xml").decode()
        styles = pack.read("xl/styles.xml").decode()
    assert "<f>" not in page
    assert 'quotePrefix="1"' in styles


def test_what_is_harmless_stays_as_it_is():
    row = ["王女士", "13912345678", "a=b", "", "2026-01-05"]

    assert csv_of([row])[1] == row


def test_numbers_are_numbers_and_days_are_days():
    row = [Decimal("-12.50"), -3, None, date(2026, 1, 5), datetime(2026, 1, 5, 13, 5)]

    assert csv_of([row])[1] == ["-12.50", "-3", "", "2026-01-05", "2026-01-05 13:05:00"]


def test_phones_and_bar_codes_stay_text_in_excel(tmp_path):
    path = xlsx_of(tmp_path, [["13912345678", Decimal("1.5")], ["006901234567892", 7]])

    sheet = sheets.look(path)

    assert [row.cells for row in sheet.rows()] == [["13912345678", "1.5"], ["006901234567892", "7"]]
    with zipfile.ZipFile(path) as pack:
        assert pack.read("xl/worksheets/sheet1.xml").count(b't="inlineStr"') == 4


def test_csv_opens_in_chinese_excel_and_is_streamed():
    blocks = exports.csv_blocks(heads=["甲"], rows=([f"第{n}行"] for n in range(50_000)))

    first = next(blocks)
    assert first.startswith(b"\xef\xbb\xbf")
    assert len(first) < 1_000_000
    assert sum(block.count(b"\n") for block in blocks) + first.count(b"\n") == 50_001


def test_letters_that_no_file_can_hold_are_left_out(tmp_path):
    row = ["a\x00\x0b\ud800b", "长" * 40_000]

    assert csv_of([["a\x00b", ""]])[1][0] == "ab"
    cells = next(sheets.look(xlsx_of(tmp_path, [row])).rows()).cells
    assert cells[0] == "ab"
    assert len(cells[1]) == exports.CELL_MOST


def test_a_sheet_of_excel_has_an_end(tmp_path, monkeypatch):
    monkeypatch.setattr(exports, "SHEET_ROWS_MOST", 3)

    with pytest.raises(exports.TooManyRows):
        xlsx_of(tmp_path, [["x", "y"]] * 4)


def test_how_many_rows_were_written_is_told(tmp_path):
    for form in ("csv", "xlsx"):
        with (tmp_path / "out").open("wb") as out:
            count = exports.write_table(out, heads=["a"], rows=iter([["1"], ["2"]]), form=form)
        assert count == 2


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=20), min_size=2, max_size=2))
def test_what_went_out_comes_back(row):
    row = [parse_text(cell.lstrip("'‘’"), most=99) for cell in row if "#" not in cell]

    assert [parse_text(cell, most=99) for cell in csv_of([row])[1]] == row if row else True


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_file_to_mend_holds_the_bad_rows_and_may_come_back(tmp_path, form, language):
    came = tmp_path / "came.csv"
    came.write_text("会员表,,\n卡号,姓名,手机\nV1,王,139\nV2,=李,13912345678\nV3,赵,abc\n", "utf-8")
    sheet = sheets.look(came)
    problems = [
        Problem(row=3, column="手机", reason="不是电话号码"),
        Problem(row=3, column="姓名", reason="太短"),
        Problem(row=5, column="手机", reason="不是电话号码"),
    ]
    mend = tmp_path / f"mend.{form}"

    with translation.override(language), mend.open("wb") as out:
        assert exports.write_fix_file(out, sheet=sheet, problems=problems, form=form) == 2

    again = sheets.look(mend)
    assert again.mapping.columns == {"member_no": 0, "name": 1, "phone": 2}
    assert again.mapping.unmatched == ()
    assert [row.cells for row in again.rows()] == [
        ["V1", "王", "139", "不是电话号码 / 太短", "手机 / 姓名", "3"],
        ["V3", "赵", "abc", "不是电话号码", "手机", "5"],
    ]


def test_a_whole_file_to_mend_keeps_its_good_rows(tmp_path):
    came = tmp_path / "came.csv"
    came.write_text("卡号,姓名\nV1,=王\nV2,李\n", "utf-8")
    sheet = sheets.look(came)
    mend = tmp_path / "mend.csv"

    with mend.open("wb") as out:
        exports.write_fix_file(
            out, sheet=sheet, problems=[Problem(3, "", "?")], form="csv", whole=True
        )

    rows = [row.cells for row in sheets.look(mend).rows()]
    assert rows == [["V1", "'=王", "", "", ""], ["V2", "李", "?", "", "3"]]
    assert parse_text(rows[0][1]) == "=王"
