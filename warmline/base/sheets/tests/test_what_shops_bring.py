"""The same two members, in every file that a till, Excel or WPS makes of them."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from warmline.base import sheets
from warmline.base.sheets.tests.conftest import FILES, MEMBERS, as_csv, cells_of


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", ","),
        ("utf-8-sig", ";"),
        ("gb18030", ","),
        ("gbk", "\t"),
        ("utf-16", "\t"),
        ("utf-16-le", "\t"),
        ("utf-16-be", "\t"),
        ("utf-8", "|"),
    ],
)
def test_text_in_any_letters_and_marks_is_read(brought, encoding, mark):
    sheet = sheets.look(brought(as_csv(MEMBERS, mark=mark), encoding=encoding))

    assert sheet.names == MEMBERS[0]
    assert sheet.mapping.kind == "members"
    assert cells_of(sheet.rows()) == MEMBERS[1:]


def test_chinese_that_comes_only_at_the_end_still_decides_the_letters(brought):
    rows = [["card_id", "vip_name"], *[["V1", "plain"]] * 200_00, ["V2", "王女士"]]

    sheet = sheets.look(brought(as_csv(rows), encoding="gb18030"))

    assert sheet.encoding == "gb18030"
    assert list(sheet.rows())[-1].cells == ["V2", "王女士"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_as_on_any_machine(brought, end):
    assert cells_of(sheets.look(brought(as_csv(MEMBERS, end=end))).rows()) == MEMBERS[1:]


def test_excel_says_which_mark_it_used(brought):
    text = "sep=;\r\n卡号;备注\r\nV1;a,b,c\r\n"

    sheet = sheets.look(brought(text))

    assert (sheet.delimiter, sheet.head.row) == (";", 2)
    assert [(row.no, row.cells) for row in sheet.rows()] == [(3, ["V1", "a,b,c"])]


def test_quoted_cells_keep_their_commas_newlines_and_quotes(brought):
    text = '卡号,姓名,备注\n"V1","王,女士","说""好"""\nV2,李,"一\n二\t三\\四"\nV3,"",x\n'

    rows = list(sheets.look(brought(text)).rows())

    assert cells_of(rows) == [
        ["V1", "王,女士", '说"好"'],
        ["V2", "李", "一\n二\t三\\四"],
        ["V3", "", "x"],
    ]
    assert [row.no for row in rows] == [2, 3, 4]


def test_quotation_marks_in_the_middle_of_a_cell_are_just_marks(brought):
    text = '卡号,备注\nV1,5" 蛋糕\nV2,="00123"\nV3,x\n'

    assert cells_of(sheets.look(brought(text)).rows()) == [
        ["V1", '5" 蛋糕'],
        ["V2", '="00123"'],
        ["V3", "x"],
    ]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_big_file_comes_out_as_it_went_in_however_it_is_quoted(brought, quote):
    rows = [[f"S{n // 3}", f"{n}", f"飞鹤,{n}" if quote else f"飞鹤{n}", ""] for n in range(60_000)]
    body = "".join(",".join(f"{quote}{c}{quote}" for c in row) + "\r\n" for row in rows)

    sheet = sheets.look(brought("小票号,行号,品名,备注\r\n" + body))

    assert cells_of(sheet.rows()) == rows
    picked = cells_of(sheet.rows([3, None, 1]))
    assert picked == [["", "", row[1]] for row in rows]


def test_titles_stand_above_heads_and_totals_below(brought):
    text = "2026年1月会员表,,\n\n卡号,姓名,积分\nV1,王,3\n小计,,3\nV2,李,4\n"
    text += "合 计：,,7\n共 2 条记录,,\n"

    sheet = sheets.look(brought(text))
    with sheet.pour() as rows:
        poured = b"".join(rows).decode()

    assert sheet.head.row == 3
    assert poured == "4\t\tV1\t王\t3\n6\t\tV2\t李\t4\n"
    assert rows.tally.totals == 3


def test_heads_repeated_on_each_printed_page_are_left_out(brought):
    text = "卡号,姓名\nV1,王\n\n卡号,姓名\nV2,李\n"

    sheet = sheets.look(brought(text))
    with sheet.pour() as rows:
        assert b"".join(rows) == b"2\t\tV1\t\xe7\x8e\x8b\n5\t\tV2\t\xe6\x9d\x8e\n"
    assert (rows.tally.heads_again, rows.tally.blank) == (1, 1)


def test_merged_heads_of_two_storeys_are_read_together(brought):
    text = "会员信息,,宝宝信息,\n卡号,姓名,姓名,生日\nV1,王,小满,2026-1-5\n"

    sheet = sheets.look(brought(text))

    assert sheet.names == ["卡号", "姓名", "宝宝姓名", "宝宝生日"]
    assert sheet.mapping.columns == {
        "member_no": 0,
        "name": 1,
        "baby_name": 2,
        "baby_birth_on": 3,
    }


def test_rows_of_the_wrong_length_say_so(brought):
    text = "卡号,姓名,积分\nV1,王,1\nV2,飞鹤,3段,2\nV3\nV4,李,4,,\n"

    sheet = sheets.look(brought(text))
    rows = list(sheet.rows())

    assert [(row.no, row.fault) for row in rows] == [
        (2, ""),
        (3, "too_many_cells"),
        (4, ""),
        (5, ""),
    ]
    assert rows[1].cells == ["V2", "飞鹤", "3段 | 2"]
    assert rows[2].cells == ["V3", "", ""]


def test_a_file_that_breaks_off_says_so_at_its_last_row(brought):
    rows = list(sheets.look(brought("卡号,姓名,积分\nV1,王,1\nV2,李")).rows())

    assert [row.fault for row in rows] == ["", "cut_off"]


def test_a_last_row_without_a_newline_is_a_row_like_others(brought):
    rows = list(sheets.look(brought("卡号,姓名\nV1,王\nV2,李")).rows())

    assert [(row.fault, row.cells) for row in rows] == [("", ["V1", "王"]), ("", ["V2", "李"])]


def test_zero_bytes_and_unreadable_letters_are_faults_of_their_row_alone(brought):
    text = as_csv([["卡号", "姓名"], *[["V1", "王女士"]] * 50]).encode()
    bad = text + b"V2,\x00\xe6\x9d\x8e\r\nV3,\xff\xe6\r\n" + "V4,赵\r\n".encode()

    rows = list(sheets.look(brought(bad)).rows())

    assert [row.fault for row in rows[-3:]] == ["nul", "letters", ""]
    assert rows[-3].cells == ["V2", "李"]


def test_a_cell_longer_than_a_cell_can_be_is_a_fault(brought):
    rows = list(sheets.look(brought("卡号,备注\nV1," + "长" * 40_000 + "\nV2,短\n")).rows())

    assert [(row.fault, len(row.cells[1])) for row in rows] == [("cell_too_long", 32_767), ("", 1)]


def test_a_workbook_of_excel_is_read_as_a_person_would_read_it(tmp_path):
    path = tmp_path / "book.xlsx"
    book = xlsxwriter.Workbook(path)
    day = book.add_format({"num_format": "yyyy/m/d"})
    page = book.add_worksheet("说明")
    page.write(0, 0, "这里没有表格")
    page = book.add_worksheet("数据")
    page.merge_range(0, 1, 0, 5, "会员资料")
    for column, head in enumerate(MEMBERS[0]):
        page.write(2, column + 1, head)
    page.write_row(3, 1, ["VIP001", "王女士", 13912345678])
    page.write_datetime(3, 4, datetime(2026, 1, 5), day)
    page.write_number(3, 5, 128.5)
    page.write_datetime(5, 4, datetime(2026, 1, 6, 13, 5), day)
    page.write_string(5, 1, "VIP002")
    book.close()

    sheet = sheets.look(path)

    assert (sheet.format, sheet.sheet, sheet.sheets) == ("xlsx", "数据", ("说明", "数据"))
    assert [(row.no, row.cells) for row in sheet.rows()] == [
        (4, ["", "VIP001", "王女士", "13912345678", "2026-01-05", "128.5"]),
        (6, ["", "VIP002", "", "", "2026-01-06 13:05:00", ""]),
    ]
    with pytest.raises(sheets.Unreadable):
        sheets.look(path, sheet="说明")


def test_an_old_workbook_of_excel_97_is_read():
    sheet = sheets.look(FILES / "members_biff8.xls")

    assert (sheet.format, sheet.head.row) == ("xls", 2)
    assert cells_of(sheet.rows()) == [
        ["VIP001", "王女士", "13912345678", "2026-01-05", "128.5"],
        ["VIP002", "李妈妈", "13812345679", "46027", "0"],
    ]


def test_an_open_document_is_read(tmp_path):
    path = tmp_path / "book.ods"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{c}</text:p></table:table-cell>'
            for c in row
        )
        + "</table:table-row>"
        for row in MEMBERS
    )
    names = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{names}:office:1.0" '
        f'xmlns:table="{names}:table:1.0" xmlns:text="{names}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="表">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        f'<manifest:manifest xmlns:manifest="{names}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("mimetype", kind)
        pack.writestr("content.xml", content)
        pack.writestr("META-INF/manifest.xml", manifest)

    sheet = sheets.look(path)

    assert sheet.format == "ods"
    assert cells_of(sheet.rows()) == MEMBERS[1:]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_named_xls_is_read(brought, encoding):
    page = (
        "<html><head><meta charset=gb2312><style>td{x:y}</style></head><body><table>"
        "<tr><td colspan=5>会员资料</td></tr>"
        + "".join(
            "<tr>" + "".join(f"<td class=a>&nbsp;{cell}<br></td>" for cell in row) + "</tr>\n"
            for row in MEMBERS
        )
        + "<tr><td>合计</td><td>2</tr></table><script>evil()</script></body></html>"
    )

    sheet = sheets.look(brought(page, name="file.xls", encoding=encoding))

    assert sheet.format == "markup"
    assert cells_of(sheet.rows()) == MEMBERS[1:]


def test_tall_cells_of_a_web_page_push_the_next_rows_aside(brought):
    page = (
        "<table><tr><th>小票号</th><th>条码</th><th>数量</th></tr><tr><td rowspan=2>S1</td>"
        "<td>690</td><td>1</td></tr><tr><td>691</td><td>2</td></tr></table>"
    )

    sheet = sheets.look(brought(page, name="file.xls"))

    assert cells_of(sheet.rows()) == [["S1", "690", "1"], ["", "691", "2"]]


def test_the_xml_of_excel_2003_is_read(brought):
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in MEMBERS
    )
    skipping = '<Row><Cell><Data>V3</Data></Cell><Cell ss:Index="5"><Data>7</Data></Cell></Row>'
    xml = (
        '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
        'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet><Table>'
        f"{rows}{skipping}</Table></Worksheet></Workbook>"
    )

    sheet = sheets.look(brought(xml, name="file.xls"))

    assert cells_of(sheet.rows()) == [*MEMBERS[1:], ["V3", "", "", "", "7"]]


def test_a_workbook_may_lie_about_its_dimensions(tmp_path):
    honest = io.BytesIO()
    book = xlsxwriter.Workbook(honest)
    page = book.add_worksheet()
    for at, row in enumerate(MEMBERS):
        page.write_row(at, 0, row)
    book.close()
    for claim in (b"A1:XFD1048576", b"A1", b"A1:A1"):
        path = tmp_path / "book.xlsx"
        with zipfile.ZipFile(honest) as old, zipfile.ZipFile(path, "w") as new:
            for name in old.namelist():
                new.writestr(name, old.read(name).replace(b'ref="A1:E3"', b'ref="%b"' % claim))

        assert cells_of(sheets.look(path).rows()) == MEMBERS[1:]


def test_what_excel_reads_as_text_is_what_we_pour(tmp_path):
    from warmline.base.sheets.reading.books import as_text

    assert as_text(6901234567892.0) == "6901234567892"
    assert as_text(0.1) == "0.1"
    assert as_text(True) == "TRUE"
    assert as_text(date(2026, 1, 5)) == "2026-01-05"
