"""Files that are broken, huge or meant to hurt: each ends in a sentence, none of them with us."""

import contextlib
import io
import os
import random
import zipfile

import pytest
import xlsxwriter
from django.utils import translation

from warmline.base import sheets
from warmline.base.sheets.tests.conftest import FILES
from warmline.base.sheets.unreadable import SENTENCES


def workbook(rows=(("会员卡号", "姓名"), ("V1", "王"))) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet()
    for at, row in enumerate(rows):
        page.write_row(at, 0, row)
    book.close()
    return out.getvalue()


def repacked(data: bytes, change) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def refused(path, **how) -> str:
    with pytest.raises(sheets.Unreadable) as said:
        list(sheets.look(path, **how).rows())
    assert len(said.value.sentence) > 10
    return said.value.reason_code


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\n \n,,\n", "empty"),
        ("会员卡号,姓名\n\n,,\n", "only_heads"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n....", "not_a_table"),
        (b"\x7fELF" + bytes(range(256)), "not_a_table"),
        (bytes(range(9)) * 500, "not_a_table"),
        (b"Rar!\x1a\x07\x00", "archive"),
        (b"\x1f\x8b\x08\x00abc", "archive"),
        (b"\x09\x04\x06\x00\x00\x00\x10\x00", "old_excel"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + bytes(600), "not_a_table"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + "Workbook".encode("utf-16-le") * 90, "damaged"),
        (b"PK\x03\x04" + b"broken", "damaged"),
        (os.urandom(1) + b"\x80\x81\xff\xfe\xfd" * 4000, "letters"),
        ('卡号,姓名\nV1,"' + "x" * 2_500_000, "quotes"),
        ("," * 300 + "\n" + "1," * 300 + "\n", "too_many_columns"),
        (",".join(f"列{n}" for n in range(300)) + "\n1,2\n", "too_many_columns"),
    ],
)
def test_what_is_not_a_table_is_refused_with_a_reason(brought, content, reason):
    assert refused(brought(content)) == reason


def test_a_workbook_with_a_password_is_refused():
    assert refused(FILES / "locked.xlsx") == "encrypted"


def test_an_archive_of_tables_is_not_a_table(brought):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as pack:
        pack.writestr("members.csv", "会员卡号\nV1\n")
    assert refused(brought(out.getvalue())) == "archive"


def test_a_bomb_is_refused_before_it_is_unpacked(brought):
    blank = b" " * 30_000_000
    bomb = repacked(
        workbook(), lambda name, data: data + blank if name.endswith("sheet1.xml") else data
    )
    assert len(bomb) < 100_000
    assert refused(brought(bomb)) == "bomb"


def test_many_small_parts_are_a_bomb_too(brought):
    out = io.BytesIO(workbook())
    with zipfile.ZipFile(out, "a") as pack:
        for n in range(300):
            pack.writestr(f"xl/media/{n}.png", b"x")
    assert refused(brought(out.getvalue())) == "bomb"


@pytest.mark.parametrize("encoding", ["ascii", "utf-16-le"])
def test_a_document_type_is_refused(brought, encoding):
    laughs = '<!DOCTYPE a [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;">]>'.encode(encoding)
    evil = repacked(
        workbook(), lambda name, data: laughs + data if name.endswith("sheet1.xml") else data
    )
    assert refused(brought(evil)) == "doctype"


def test_one_cell_at_the_far_corner_takes_the_child_and_not_us(brought):
    corner = b'<row r="1048576"><c r="FD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    far = repacked(
        workbook(), lambda _, data: data.replace(b"</sheetData>", corner + b"</sheetData>")
    )

    assert refused(brought(far)) == "too_hungry"


def test_a_stray_cell_in_the_last_row_is_no_harm(brought):
    stray = b'<row r="1048576"><c r="B1048576" t="inlineStr"><is><t> </t></is></c></row>'
    far = repacked(
        workbook(), lambda _, data: data.replace(b"</sheetData>", stray + b"</sheetData>")
    )

    assert [row.cells for row in sheets.look(brought(far)).rows()] == [["V1", "王"]]


def test_limits_are_the_callers(brought):
    path = brought("卡号,姓名\n" + "V1,王\n" * 100)

    assert refused(path, limits=sheets.Limits(file_bytes=100)) == "too_big"
    assert refused(path, limits=sheets.Limits(rows=99)) == "too_many_rows"
    assert len(list(sheets.look(path, limits=sheets.Limits(rows=100)).rows())) == 100
    tight = sheets.Limits(memory_bytes=24 * 1024 * 1024)
    assert refused(path, limits=tight) in ("too_hungry", "failed")


def test_whoever_takes_too_long_is_stopped(brought):
    path = brought("卡号,姓名\n" + 'V1,"王""女"\n' * 900_000)

    assert refused(path, limits=sheets.Limits(rows=10_000_000, cpu_s=1)) == "too_slow"


def test_what_is_not_a_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")

    assert refused(tmp_path / "pipe") == "not_a_table"
    assert refused(tmp_path) == "not_a_table"
    assert refused(tmp_path / "nothing") == "gone"


def test_a_sheet_that_is_not_there_is_refused(brought):
    assert refused(brought(workbook()), sheet="不存在") == "no_sheet"


@pytest.mark.parametrize("seed", range(8))
def test_a_workbook_with_broken_bytes_is_read_or_refused_but_never_fails(brought, seed):
    dice = random.Random(seed)
    data = bytearray(workbook() if seed % 2 else (FILES / "members_biff8.xls").read_bytes())
    for _ in range(40):
        data[dice.randrange(8, len(data))] = dice.randrange(256)
    path = brought(bytes(data))

    with contextlib.suppress(sheets.Unreadable):
        list(sheets.look(path).rows())
        return
    assert refused(path) != "failed"


def test_a_workbook_that_breaks_the_reader_is_damaged(brought):
    broken = (FILES / "members_biff8.xls").read_bytes()[:-20]
    assert refused(brought(broken)) == "damaged"


def test_a_workbook_that_would_eat_the_machines_memory_gets_no_more_than_its_share(brought):
    """These bytes, given to the reader without a limit, ask for more than 20 GB."""
    whole = (FILES / "members_biff8.xls").read_bytes()
    assert refused(brought(whole[:512] + whole[512 + 560 :])) == "too_hungry"


def test_stopping_halfway_leaves_no_child_behind(brought):
    sheet = sheets.look(brought("卡号,姓名\n" + "V1,王女士\n" * 90_000))

    with sheet.pour() as rows:
        next(iter(rows))
        child = rows._process
    assert child.returncode is not None


def test_every_reason_is_a_whole_sentence_in_both_languages():
    facts = {"most": 20, "row": 7}
    for code in SENTENCES:
        with translation.override("en"):
            english = sheets.Unreadable(code, facts).sentence
        with translation.override("zh-hans"):
            chinese = sheets.Unreadable(code, facts).sentence
        assert english.endswith(".")
        assert chinese.endswith("。"), code
