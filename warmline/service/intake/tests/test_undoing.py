"""A file is taken back: exactly what it brought, or nothing."""

from warmline.core.people import joining, remembering
from warmline.core.people.models import Child, Consent, Household, ImportantDate, Member, Store
from warmline.goods.catalog.models import Product
from warmline.goods.sales.models import Sale, SaleLine
from warmline.service.intake import undoing
from warmline.service.intake.models import Change
from warmline.service.intake.tests.conftest import MEMBERS, SALES
from warmline.service.intake.tests.test_members import AGREED, LIN


def test_families_of_a_file_go_with_all_it_brought(bring, take_back, store, zhou):
    other = joining.join(store=store, name="陈雨", phone="13812345678")
    file = bring(LIN, commit=True, **AGREED)

    take_back(file)

    assert file.status == "undone"
    assert list(Household.objects.all()) == [other]
    assert not Child.objects.exists()
    assert not Consent.objects.exists()
    assert not Change.objects.exists()
    assert not ImportantDate.objects.exists()


def test_what_a_file_changed_is_put_back(bring, take_back, store, zhou):
    bring(LIN, commit=True)
    file = bring(LIN.replace("林晓,13912345678", "林小晓,13912345670"), commit=True)
    assert Member.objects.get().name == "林小晓"

    take_back(file)

    lin = Member.objects.get()
    assert (lin.name, lin.phone, lin.phone_last4) == ("林晓", "+8613912345678", "5678")


def test_it_stays_when_somebody_has_built_on_it(bring, take_back, store, zhou):
    file = bring(LIN, commit=True)
    family = Household.objects.get()
    remembering.remember(family, kind="fact", text="外婆带", by=zhou)

    take_back(file)

    assert (file.status, file.reason) == ("committed", undoing.BUILT_UPON)
    assert file.why
    assert Household.objects.exists()


def test_it_stays_when_a_changed_row_was_edited_since(bring, take_back, store, zhou):
    bring(LIN, commit=True)
    file = bring(LIN.replace("林晓", "林小晓"), commit=True)
    joining.rename(Member.objects.get(), "林大晓")

    take_back(file)

    assert (file.status, file.reason) == ("committed", undoing.EDITED)
    assert Member.objects.get().name == "林大晓"


def test_receipts_go_and_those_of_another_file_stay(bring, take_back, store, tin):
    bring(MEMBERS + "V1,林晓,13912345678,,,S001,,\n", commit=True)
    early = SALES + "A1,1,S001,2026-10-01,V1,,P1,飞鹤,1,298,\n"
    bring(early, commit=True)
    file = bring(early.replace("A1", "A2").replace("10-01", "11-01"), commit=True)

    take_back(file)

    assert [sale.document_no for sale in Sale.objects.all()] == ["A1"]
    assert SaleLine.objects.count() == 1


def test_stores_and_products_go_too(bring, take_back):
    stores = bring("门店编码,门店名称,区域\nS7,七号店,华东\n", commit=True)
    products = bring("货号,商品名称,类别,规格\nP7,飞鹤2段 900g,奶粉,900g\n", commit=True)
    assert Product.objects.get().content == 900

    take_back(products)
    take_back(stores)

    assert not Product.objects.exists()
    assert not Store.objects.exists()
