"""Sales of a till come in: whole receipts, each once."""

from decimal import Decimal

import pytest

from warmline.core.people.models import Household
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.intake import fixing
from warmline.service.intake.kinds import reasons
from warmline.service.intake.tests.conftest import MEMBERS, SALES

A1 = (
    "A1,1,人民路店,2026-11-01 10:00,V1,,6901234567892,飞鹤1段,2,596,A\n"
    "A1,2,人民路店,2026-11-01 10:00,V1,,6909999999993,神秘商品,1,10,A\n"
)


@pytest.fixture
def lin(bring, store):
    bring(MEMBERS + "V1,林晓,13912345678,,,S001,,\n", commit=True)
    return Household.objects.get()


def test_a_receipt_comes_in_with_its_family_product_and_day(bring, lin, tin):
    file = bring(SALES + A1, commit=True)

    sale = Sale.objects.get()
    assert (sale.household, sale.total, sale.import_id) == (lin, Decimal("606.00"), file.pk)
    assert str(sale.sold_on) == "2026-11-01"
    assert sale.sold_at.isoformat() == "2026-11-01T02:00:00+00:00"
    first, second = sale.lines.order_by("line_no")
    assert (first.product, first.quantity, first.household_id) == (tin, 2, lin.pk)
    assert (second.product, second.code) == (None, "6909999999993")
    assert file.counts["unknown_articles"] == 1


def test_the_same_file_again_changes_nothing(bring, lin, tin):
    bring(SALES + A1, commit=True)
    again = bring(SALES + A1, commit=True)

    assert (again.counts["new"], again.counts["same"]) == (0, 2)
    assert SaleLine.objects.count() == 2


def test_a_receipt_that_says_something_else_now_is_refused(bring, lin, tin, bad):
    bring(SALES + A1, commit=True)
    file = bring(SALES + A1.replace("596", "597"), commit=True)

    assert {why for _row, _column, why in bad(file)} == {reasons.CHANGED}
    assert Sale.objects.get().total == Decimal("606.00")


def test_a_return_moves_the_other_way(bring, store, tin):
    bring(SALES + "B1,1,S001,2026-11-02,V1,,P1,飞鹤,1,298,退货\n", commit=True)

    line = SaleLine.objects.get()
    assert (line.quantity, line.amount, line.product) == (-1, Decimal("-298.00"), tin)


def test_a_receipt_with_one_bad_row_stays_out_whole_and_comes_back_whole(
    bring, store, tin, bad, tmp_path
):
    text = SALES + A1.replace(",1,10,A", ",一,10,A")
    file = bring(text, commit=True)

    assert not Sale.objects.exists()
    assert [(row, why) for row, _column, why in bad(file)] == [
        (2, reasons.COMPANION),
        (3, "This is not a number. Write it in digits, like 3 or 12.50."),
    ]
    mended = tmp_path / "mended.csv"
    with mended.open("wb") as out:
        assert fixing.write(file, out, form="csv") == 2
    again = bring(mended.read_bytes().replace("一".encode(), b"1"), commit=True)
    assert (again.counts["new"], again.counts["bad"]) == (2, 0)
    assert Sale.objects.get().lines.count() == 2


@pytest.mark.parametrize(
    ("was", "becomes", "column"),
    [
        ("人民路店", "S009", "门店"),
        ("2026-11-01 10:00", "2027-11-01", "销售日期"),
        ("2026-11-01 10:00", "昨天", "销售日期"),
        ("6901234567892", "6.9E+12", "条码"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_column(bring, store, bad, was, becomes, column):
    file = bring(SALES + A1.replace(was, becomes))

    assert bad(file)[0][:2] == (2, column)
    assert file.counts["new"] == 0


def test_overlapping_exports_count_a_line_once(bring, store, tin):
    file = bring(SALES + A1 + A1, commit=True)

    assert SaleLine.objects.count() == 2
    assert file.counts["skipped"] == 2


def test_lines_where_nothing_moved_are_left_out_but_paid_for(bring, store, tin):
    bring(SALES + A1 + "A1,3,人民路店,2026-11-01 10:00,V1,,P1,优惠,0,-6,A\n", commit=True)

    assert Sale.objects.get().total == Decimal("600.00")
    assert SaleLine.objects.count() == 2


def test_numbers_that_each_store_counts_for_itself_are_told_apart(bring, store, other_store, bad):
    text = SALES + A1 + A1.replace("人民路店", "中山路店").replace("A1,1", "A1,3")
    wrong = bring(text)
    right = bring(text, commit=True, numbering="store")

    assert {why for _row, _column, why in bad(wrong)} == {reasons.TWO_STORES}
    assert right.counts["receipts"] == 2
    assert set(Sale.objects.values_list("document_no", flat=True)) == {"S001/A1", "S002/A1"}


def test_a_sale_of_nobody_known_waits_and_finds_its_family_by_phone(bring, lin, tin):
    bring(SALES + "A2,1,S001,2026-11-02,,13912345678,P1,飞鹤,1,298,\n", commit=True)
    bring(SALES + "A3,1,S001,2026-11-02,V9,,P1,飞鹤,1,298,\n", commit=True)

    assert Sale.objects.get(document_no="A2").household == lin
    assert Sale.objects.get(document_no="A3").household is None


def test_a_till_without_a_store_column_sells_for_the_store_that_was_chosen(
    bring, store, other_store, tin
):
    text = "小票号,销售日期,货号,数量,金额\nA1,2026-11-01,P1,1,298\n"

    bring(text, kind="sales", commit=True, store=other_store)

    assert Sale.objects.get().store == other_store


def test_staging_tables_are_empty_after_the_commit(bring, store, tin):
    from django.db import connection

    bring(SALES + A1, commit=True)

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM intake_saleline")
        assert cursor.fetchone()[0] == 0
