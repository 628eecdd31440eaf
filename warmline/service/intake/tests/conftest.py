"""A chain of two stores, and files as tills write them."""

from datetime import date

import pytest

from warmline.core.people.models import Staff, Store
from warmline.goods.catalog.models import Category, Product
from warmline.service.intake import checking, committing, receiving, undoing
from warmline.service.intake.models import Import

TODAY = date(2026, 11, 21)
MEMBERS = "会员卡号,会员姓名,手机号,宝宝姓名,宝宝生日,开卡门店,导购,积分\n"
SALES = "小票号,行号,门店,销售日期,会员卡号,手机,条码,品名,数量,金额,销售方式\n"


@pytest.fixture(autouse=True)
def morning(clock):
    clock("2026-11-21T09:00:00+08:00")


@pytest.fixture
def store(db):
    return Store.objects.create(code="S001", name="人民路店")


@pytest.fixture
def other_store(db):
    return Store.objects.create(code="S002", name="中山路店")


@pytest.fixture
def zhou(store):
    return Staff.objects.create_user("zhou", "-", code="G01", name="周洁", store=store)


@pytest.fixture
def head_office(db):
    return Staff.objects.create_user("hq", "-", name="陈总", role="hq")


@pytest.fixture
def tin(db):
    return Product.objects.create(
        code="P1",
        gtin="06901234567892",
        name="飞鹤1段 700g",
        category=Category.objects.get(code="formula"),
        stage=1,
        content=700,
    )


@pytest.fixture
def bring(tmp_path, head_office):
    """A file arrives: `bring(text)`; tried out and imported with `commit=True`."""

    def bring(text, *, commit=False, letters="gb18030", kind=None, name="file.csv", **facts):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(letters))
        file = receiving.receive(path, name=name, by=head_office, kind=kind)
        for field, fact in facts.items():
            setattr(file, field, fact)
        file.save()
        checking.ask(file, by=head_office)
        checking.check(file)
        if commit and file.status == Import.Status.CHECKED:
            committing.ask(file, by=head_office)
            committing.commit(file)
        return file

    return bring


@pytest.fixture
def take_back(head_office):
    def take_back(file):
        undoing.ask(file, by=head_office)
        undoing.undo(file)
        return file

    return take_back


@pytest.fixture
def bad():
    """What is to be mended: (row, column, reason)."""

    def bad(file, level="bad"):
        found = file.findings.filter(level=level).order_by("row", "pk")
        return [(each.row, each.column, each.reason) for each in found]

    return bad
