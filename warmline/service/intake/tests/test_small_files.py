"""Stores, staff and products come in; files that are none are refused whole."""

import io

import pytest
import xlsxwriter

from warmline.base import sheets
from warmline.core.people.models import Staff, Store
from warmline.goods.catalog.models import Product
from warmline.service.intake import mapping, receiving
from warmline.service.intake.kinds import reasons
from warmline.service.intake.models import FilePart, SavedMapping

PRODUCTS = "货号,条码,商品名称,品牌,类别,规格,零售价\n"


def test_products_know_their_category_stage_content_and_lock(bring):
    text = PRODUCTS + (
        "P1,6901234567892,星飞帆 1段,飞鹤,婴儿奶粉,700g,298\n"
        "P2,,花王 L54片,花王,纸尿裤,L 54片,99\n"
        "P3,,木马,,,,\n"
    )

    bring(text, commit=True)

    formula, diapers, horse = Product.objects.order_by("code")
    assert (formula.category.code, formula.stage, formula.content) == ("formula", 1, 700)
    assert formula.is_locked
    assert formula.gtin == "06901234567892"
    assert (diapers.category.code, diapers.size, diapers.content) == ("diapers", "L", 54)
    assert horse.category.code == "other"


def test_a_changed_price_is_a_change_and_the_rest_stays(bring):
    text = PRODUCTS + "P1,6901234567892,星飞帆 1段,飞鹤,奶粉,700g,298\n"
    bring(text, commit=True)

    file = bring("货号,商品名称,零售价\nP1,星飞帆 1段,288\n", kind="products", commit=True)

    product = Product.objects.get()
    assert file.counts["changed"] == 1
    assert (product.price, product.brand, product.category.code) == (288, "飞鹤", "formula")


def test_a_bar_code_of_another_product_is_refused(bring, bad):
    text = PRODUCTS + "P1,6901234567892,甲,,奶粉,700g,1\nP2,6901234567892,乙,,奶粉,700g,1\n"

    assert bad(bring(text)) == [(3, "条码", reasons.GTIN_TAKEN)]


def test_staff_come_to_their_store_and_head_office_is_not_made_by_a_file(bring, store, bad):
    text = "工号,姓名,门店,职位\nG01,周洁,人民路店,导购\nG02,吴倩,S001,店长\nG03,某某,S001,总部\n"

    file = bring(text, kind="staff", commit=True)

    zhou = Staff.objects.get(code="G01")
    assert (zhou.role, zhou.store, zhou.has_usable_password()) == ("guide", store, False)
    assert Staff.objects.get(code="G02").role == "manager"
    assert bad(file) == [(4, "职位", reasons.ROLE)]


def test_a_new_store_has_its_coming_days_at_once(bring):
    bring("门店编码,门店名称,区域,纬度,经度\nS9,九号店,华东,31.2,121.4\n", commit=True)

    assert Store.objects.get(code="S9").days.count() > 30


def test_a_workbook_is_as_good_as_a_csv(bring):
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    page = book.add_worksheet("商品")
    page.write_row(0, 0, ["商品资料导出 2026-11"])
    page.write_row(2, 0, ["货号", "商品名称", "类别", "规格"])
    page.write_row(3, 0, ["P1", "飞鹤3段", "奶粉", "700g"])
    page.write_row(4, 0, ["合计", "", "", ""])
    book.close()

    file = bring(out.getvalue(), name="商品.xlsx", commit=True)

    assert (file.kind, file.counts["new"]) == ("products", 1)
    assert Product.objects.get().stage == 3


def test_a_file_without_a_needed_column_is_refused_and_says_which(bring):
    file = bring("货号,价格\nP1,3\n", kind="products")

    assert file.status == "refused"
    assert file.facts["lacking"] == "Name"


def test_what_is_no_table_does_not_even_become_an_import(tmp_path, db):
    path = tmp_path / "x.pdf"
    path.write_bytes(b"%PDF-1.7 whatever")

    with pytest.raises(sheets.Unreadable):
        receiving.receive(path, name="x.pdf", by=None)


def test_a_mapping_that_was_saved_is_known_again(bring, db):
    text = "编号,叫什么,哪一类\nP1,飞鹤3段 700g,奶粉\n"
    file = bring(text, kind="products")
    mapping.say(file, {0: "code", 1: "name", 2: "category"})
    mapping.save(file, by=None)

    again = bring(text, commit=True)

    assert SavedMapping.objects.count() == 1
    assert (again.kind, again.columns["name"], again.counts["new"]) == ("products", 1, 1)


def test_two_columns_cannot_mean_the_same(bring):
    file = bring(PRODUCTS + "P1,,甲,,奶粉,,\n")

    with pytest.raises(mapping.Doubtful):
        mapping.say(file, {0: "code", 1: "code", 2: "name"})


def test_an_uploaded_file_is_sealed_and_goes_when_nothing_is_left_to_mend(bring, head_office):
    file = bring(PRODUCTS + "P1,,秘密商品,,奶粉,,\n")
    sealed = bytes(FilePart.objects.get(of=file).sealed)
    assert "秘密商品".encode("gb18030") not in sealed

    bring(PRODUCTS + "P1,,秘密商品,,奶粉,,\n", commit=True)

    assert FilePart.objects.filter(of=file).count() == 1
    assert FilePart.objects.count() == 1
