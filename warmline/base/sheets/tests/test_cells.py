"""What people, tills and Excel put into cells, and what we take it for."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.base.sheets import cells
from warmline.base.sheets.cells import BadCell, Code, Pack
from warmline.base.sheets.cells.codes import check_digit


def told(parse, text):
    """The value, or the code of the reason why there is none."""
    try:
        return parse(text)
    except BadCell as bad:
        return bad.code if bad.sentence else "no sentence"


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("13912345678", "+8613912345678"),
        ("'13912345678", "+8613912345678"),
        ('="13912345678"', "+8613912345678"),
        ("１３９１２３４５６７８", "+8613912345678"),
        ("139 1234-5678", "+8613912345678"),
        ("+86 139 1234 5678", "+8613912345678"),
        ("008613912345678", "+8613912345678"),
        ("8613912345678", "+8613912345678"),
        ("13912345678.0", "+8613912345678"),
        ("1.3912345678E+10", "+8613912345678"),
        ("13912345678   ", "+8613912345678"),
        ("021-62345678", "+862162345678"),
        ("(010)62345678", "+861062345678"),
        ("+852 9123 4567", "+85291234567"),
        ("", None),
        ("  ", None),
        ("无", None),
        ("0", None),
        ("1.39E+10", "rounded"),
        ("1.38001E+10", "rounded"),
        ("139****5678", "masked"),
        ("13912345678/13812345678", "several"),
        ("1391234567", "phone_length"),
        ("139123456789", "phone_length"),
        ("95188", "service_number"),
        ("400-820-8820", "service_number"),
        ("妈妈", "phone"),
        ("=1+1", "phone"),
    ],
)
def test_phones(text, phone):
    assert told(cells.parse_phone, text) == phone


def test_service_numbers_are_welcome_where_they_are_asked_for():
    assert cells.parse_phone("95188", short_codes=True) == "95188"


def test_phones_typed_to_get_past_the_till_are_known():
    assert cells.is_dummy_phone("+8613888888888")
    assert cells.is_dummy_phone("13800138000")
    assert not cells.is_dummy_phone("+8613912345678")


@pytest.mark.parametrize(
    "text",
    [
        "2026/1/5",
        "2026-01-05",
        "2026.1.5",
        "20260105",
        "2026年1月5日",
        "2026 年 1 月 5 号",
        "46027",
        "46027.75",
        "2026-01-05 13:30",
        "2026/1/5 13:30:05",
        "2026-01-05T13:30:05.123Z",
        "2026/1/5 下午 01:30",
        "20260105133005",
        "２０２６／１／５",
        "5-Jan-2026",
        "Jan 5, 2026",
        "'2026-1-5",
        "2026-1-5 星期一",
    ],
)
def test_dates_in_every_dress(text):
    assert cells.parse_date(text) == date(2026, 1, 5)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-02-30", "no_such_day"),
        ("2025-02-29", "no_such_day"),
        ("5/1/2026", "date_either_way"),
        ("0202-01-05", "date_far"),
        ("9999-12-31", "date_far"),
        ("12", "date"),
        ("去年", "date"),
        ("2026-01-05 25:00", "time"),
        ("2026-01-05 later", "time"),
    ],
)
def test_what_is_no_date_says_why(text, reason):
    assert told(cells.parse_date, text) == reason


@pytest.mark.parametrize("text", ["", "0000-00-00", "1900-01-01", "1900/1/0", "-", "NULL", "0"])
def test_a_till_without_a_date_writes_one_all_the_same(text):
    assert cells.parse_date(text) is None


def test_moments_keep_the_time_and_a_zone_only_if_it_is_written():
    assert cells.parse_moment("2026/1/5 下午 1:05") == datetime(2026, 1, 5, 13, 5)
    assert cells.parse_moment("2026/1/5 12:05 AM") == datetime(2026, 1, 5, 0, 5)
    assert cells.parse_moment("46027.5") == datetime(2026, 1, 5, 12)
    moment = cells.parse_moment("2026-01-05T13:05:00+08:00")
    assert moment is not None
    assert moment.astimezone(UTC) == datetime(2026, 1, 5, 5, 5, tzinfo=UTC)


def test_excel_believes_in_a_29_february_1900():
    assert cells.from_serial(1).date() == date(1900, 1, 1)
    assert cells.from_serial(59).date() == date(1900, 2, 28)
    assert told(lambda _: cells.from_serial(60), "") == "date"
    assert cells.from_serial(61).date() == date(1900, 3, 1)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.5", Decimal("1234.5")),
        ("￥１，２３４．５", Decimal("1234.5")),
        ("¥ 12 元", Decimal(12)),
        ("(12.5)", Decimal("-12.5")),
        ("12.5-", Decimal("-12.5")),
        ("－３", Decimal(-3)),
        ("1.2E+3", Decimal(1200)),
        ("0.30000000000000004", Decimal("0.3")),
        ("-0", Decimal(0)),
        ("", None),
        ("--", None),
        ("1,23", "number"),
        ("12%", "number"),
        ("inf", "number"),
        ("十二", "number"),
        ("1e99", "number_too_big"),
    ],
)
def test_numbers(text, number):
    assert told(cells.parse_number, text) == number


def test_money_has_two_places_weights_three_and_counts_none():
    assert str(cells.parse_money("19.905")) == "19.91"
    assert str(cells.parse_quantity("0.3456")) == "0.346"
    assert cells.parse_count("12.0") == 12
    assert told(cells.parse_count, "1.5") == "not_whole"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6901234567892", Code("6901234567892", "06901234567892")),
        ("６９０１２３４５６７８９２\n", Code("6901234567892", "06901234567892")),
        ("6.901234567892E+12", Code("6901234567892", "06901234567892")),
        ("96385074", Code("96385074", "00000096385074")),
        ("036000291452", Code("036000291452", "00036000291452")),
        ("36000291452", Code("36000291452", "00036000291452")),
        ("16901234567899", Code("16901234567899", "16901234567899")),
        ("2012345678900", Code("2012345678900")),
        ("", None),
        ("6901234567893", "check_digit"),
        ("6.9E+12", "rounded"),
        ("6.90123E+12", "rounded"),
        ("ABC", "not_a_barcode"),
        ("12345", "barcode_length"),
        ("0", "barcode_length"),
    ],
)
def test_bar_codes(text, code):
    assert told(cells.parse_gtin, text) == code


def test_item_numbers_are_the_shops_own_unless_they_are_bar_codes():
    assert cells.parse_code("A-12") == Code("A-12")
    assert cells.parse_code("000123") == Code("000123")
    assert cells.parse_code("6901234567892") == Code("6901234567892", "06901234567892")
    assert cells.parse_code("6901234567893") == Code("6901234567893")
    assert cells.parse_code("2100001000005") == Code("2100001000005")
    assert told(cells.parse_code, "6.9E+12") == "rounded"


@pytest.mark.parametrize(
    ("text", "pack"),
    [
        ("900g", Pack(Decimal(900), "g")),
        ("900G/听", Pack(Decimal(900), "g")),
        ("800g*6", Pack(Decimal(800), "g", 6)),
        ("900g×6罐", Pack(Decimal(900), "g", 6)),
        ("6*900g", Pack(Decimal(900), "g", 6)),
        ("1.2kg", Pack(Decimal(1200), "g")),
        ("飞鹤星飞帆3段700克", Pack(Decimal(700), "g")),
        ("0-6月 900g", Pack(Decimal(900), "g")),
        ("200ml*24", Pack(Decimal(200), "ml", 24)),
        ("NB84片", Pack(Decimal(84), "piece")),
        ("NB84", Pack(Decimal(84), "piece")),
        ("L 54片x4包", Pack(Decimal(54), "piece", 4)),
        ("S82+10片", Pack(Decimal(92), "piece")),
        ("12-17kg XL 44片", Pack(Decimal(44), "piece")),
        ("L54片(9-14kg)", Pack(Decimal(54), "piece")),
        ("听", None),
        ("1段", None),
        ("M号", None),
        ("", None),
        ("0g", None),
    ],
)
def test_what_is_in_a_pack(text, pack):
    assert cells.parse_pack(text) == pack


def test_the_total_of_a_case_counts_every_tin():
    pack = cells.parse_pack("800g*6")
    assert pack is not None
    assert pack.total == 4800


@pytest.mark.parametrize(
    ("text", "sex"),
    [("男", "male"), (" M", "male"), ("女宝", "female"), ("未知", None), ("", None), ("？", "sex")],
)
def test_sex(text, sex):
    assert told(cells.parse_sex, text) == sex


@pytest.mark.parametrize(
    ("text", "feeding"),
    [
        ("纯母乳", "breast"),
        ("母乳+奶粉", "mixed"),
        ("混合喂养", "mixed"),
        ("配方奶粉", "formula"),
        ("", None),
        ("米汤", "feeding"),
    ],
)
def test_feeding(text, feeding):
    assert told(cells.parse_feeding, text) == feeding


@pytest.mark.parametrize(
    ("text", "way"),
    [("A", "sale"), ("B", "return"), ("零售退货", "return"), ("", "sale"), ("换", "way")],
)
def test_sale_or_return(text, way):
    assert told(cells.parse_way, text) == way


def test_free_text_is_tidied_and_never_cut():
    assert cells.parse_text("  王女士\x00\x07\t  ") == "王女士"
    assert cells.parse_text("王　女士\n二楼") == "王 女士 二楼"
    assert cells.parse_text("'=1+1") == "=1+1"
    assert cells.parse_text("O'Neil") == "O'Neil"
    assert cells.parse_text("（null）") == "（null）"
    assert cells.parse_text("NULL") == ""
    assert told(cells.parse_text, "#N/A") == "excel_error"
    assert told(lambda text: cells.parse_text(text, most=5), "六个字就太长") == "too_long"


def test_cards_opened_ahead_of_time_are_known():
    assert cells.is_dummy_card(name="预开卡  ", birthday=date(1990, 1, 1), phone=None)
    assert cells.is_dummy_card(name="", birthday=date(1990, 1, 1))
    assert not cells.is_dummy_card(name="王女士", birthday=date(1990, 1, 1))
    assert not cells.is_dummy_card(name="", birthday=date(1990, 1, 1), phone="+8613912345678")


def test_reasons_are_said_in_the_readers_language():
    with pytest.raises(BadCell) as bad:
        cells.parse_phone("1391234567")
    with translation.override("zh-hans"):
        assert bad.value.sentence == "手机号应为 11 位，这里是 10 位。"
    with translation.override("en"):
        assert bad.value.sentence == "A mobile number has 11 digits; this has 10."


PARSERS = [getattr(cells, name) for name in cells.__all__ if name.startswith("parse_")]
NOISE = st.text(max_size=40) | st.text(
    "0123456789０１.,-+/:年月日 ()eE*xgkL段片¥'=\x00#%", max_size=30
)


@settings(max_examples=400, deadline=None)
@given(NOISE)
def test_no_cell_makes_a_parser_fall_over(text):
    for parse in PARSERS:
        told(parse, text)


@settings(deadline=None)
@given(st.text(max_size=60))
def test_tidied_text_is_tidy(text):
    words = told(lambda cell: cells.parse_text(cell, most=999), text)
    assert "\x00" not in words
    assert words == words.strip()


@given(st.dates(date(1920, 1, 1), date(2150, 12, 31)))
def test_a_day_survives_every_way_of_writing_it(day):
    serial = (day - date(1899, 12, 30)).days
    dresses = [day.isoformat(), f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", str(serial)]
    dresses.append(f"{day.year}年{day.month}月{day.day}日")
    for text in dresses if serial > 9999 else dresses[:3]:
        assert cells.parse_date(text) == day


@given(st.decimals(-(10**9), 10**9, places=2))
def test_money_survives_being_dressed_up(amount):
    assert cells.parse_money(f"￥{amount:,}") == amount
    assert cells.parse_money(str(amount)) == amount


@given(st.integers(0, 10**12 - 1).map(lambda n: f"{n:012d}"))
def test_a_mistyped_digit_is_always_found(stem):
    if stem.startswith("2") or not stem.strip("0"):
        return
    good = stem + check_digit(stem)
    assert told(cells.parse_gtin, good) is not None
    wrong = str((int(good[5]) + 1) % 10)
    assert told(cells.parse_gtin, good[:5] + wrong + good[6:]) == "check_digit"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_mobile_survives_every_way_of_writing_it(digits):
    spaced = f"+86 {digits[:3]} {digits[3:7]}-{digits[7:]}"
    for text in (digits, spaced, f"0086{digits}", f"'{digits}", f"{digits}.0"):
        assert cells.parse_phone(text) == "+86" + digits
