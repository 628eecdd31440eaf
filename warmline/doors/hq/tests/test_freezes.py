"""Head office sees which lots are asked about, who has some, stops a sale or lets it go on, and says why."""

import re
from datetime import date

import pytest
from django.urls import reverse

from warmline.core.people.models import Staff
from warmline.doors.hq.tests.test_desk import case, hq_client, store  # noqa: F401 fixtures
from warmline.goods.catalog.models import Category, Product
from warmline.goods.trace import holding
from warmline.goods.trace.models import Hold, Lot
from warmline.service.desk import classifying, freezing
from warmline.service.desk.models import Freeze


@pytest.fixture
def lot(db):
    category = Category.objects.get_or_create(code="formula", defaults={"name": "奶粉"})[0]
    milk = Product.objects.create(code="A1", name="晴牧奶粉 1 段", category=category)
    return Lot.objects.create(
        gtin="06901234567892", number="L7", product=milk, expires_on=date(2028, 9, 30)
    )


@pytest.fixture
def freeze(store, lot):  # noqa: F811
    agent = Staff.objects.create_user("ding", "-", name="丁宁", role="agent")
    named = case(store)
    classifying.classify(named, cause=None, product=lot.product, lot="L7", by=agent)
    named.refresh_from_db()
    return freezing.propose(named, why="三家都说封口不牢", by=agent)


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def test_a_sale_is_stopped_and_goes_on_again(hq_client, freeze, lot):  # noqa: F811
    listed = reverse("hq:freezes")
    text = text_of(hq_client.get(listed))
    for words in ("三家都说封口不牢", "晴牧奶粉 1 段", "L7", freeze.case.code, "丁宁"):
        assert words in text
    address = reverse("hq:freeze", args=[freeze.pk])
    wrong = hq_client.post(address, {"is_yes": "1"})
    assert wrong.status_code == 422
    assert f"freeze{freeze.pk}_reason_error" in wrong.content.decode()
    undecided = hq_client.post(address, {"reason": "先停"})
    assert undecided.status_code == 422
    assert "先停" in undecided.content.decode()
    assert hq_client.post(address, {"is_yes": "1", "reason": "先停，送检"}).status_code == 302
    assert hq_client.post(address, {"is_yes": "0", "reason": "算了"}).status_code == 409
    assert holding.held([lot.pk])
    assert "先停，送检" in text_of(hq_client.get(listed))
    end = reverse("hq:hold-end", args=[Hold.objects.get().pk])
    assert hq_client.post(end, {"outcome": ""}).status_code == 422
    assert hq_client.post(end, {"outcome": "检测合格"}).status_code == 302
    assert hq_client.post(end, {"outcome": "检测合格"}).status_code == 409
    assert not holding.held([lot.pk])
    assert "检测合格" in text_of(hq_client.get(listed))


def test_calling_a_stopped_lot_back_begins_with_what_is_known_of_it(hq_client, freeze):  # noqa: F811
    decision = reverse("hq:freeze", args=[freeze.pk])
    hq_client.post(decision, {"is_yes": "1", "reason": "先停，送检"})
    stopped = hq_client.get(reverse("hq:freezes")).content.decode()
    [address] = re.findall(rf'href="({reverse("hq:recall-new")}[^"]*)"', stopped)
    page = hq_client.get(address)
    assert page.context["what"].initial["lot"] == "L7"
    assert page.context["why"].initial["reason"] == Hold.objects.get().why
    text = page.content.decode()
    for words in ('value="L7"', 'value="06901234567892"', 'value="晴牧奶粉 1 段，批号 L7"'):
        assert words in text
    assert hq_client.get(reverse("hq:recall-new"), {"hold": "x"}).status_code == 200


def test_a_no_is_kept_with_its_reason(hq_client, freeze, lot):  # noqa: F811
    address = reverse("hq:freeze", args=[freeze.pk])
    assert hq_client.post(address, {"is_yes": "0", "reason": "留样合格"}).status_code == 302
    assert "留样合格" in text_of(hq_client.get(reverse("hq:freezes")))
    assert not Hold.objects.exists()


def test_a_lot_that_nobody_knows_is_said_to_be_unknown(hq_client, freeze, lot):  # noqa: F811
    Lot.objects.filter(pk=lot.pk).update(number="L9")
    assert "没有这个批号" in text_of(hq_client.get(reverse("hq:freezes")))
    address = reverse("hq:freeze", args=[freeze.pk])
    refused = hq_client.post(address, {"is_yes": "1", "reason": "停"})
    assert refused.status_code == 422
    assert Freeze.objects.get().status == "proposed"


def test_it_is_head_offices_alone(client, hq_client, freeze):  # noqa: F811
    client.force_login(Staff.objects.create_user("mei", "-", name="梅兰", role="agent"))
    address = reverse("hq:freeze", args=[freeze.pk])
    assert client.post(address, {"is_yes": "1", "reason": "停"}).status_code == 404
    client.force_login(Staff.objects.create_user("audit", "-", name="审计", role="auditor"))
    assert client.get(reverse("hq:freezes")).status_code == 200
    assert client.post(address, {"is_yes": "1", "reason": "停"}).status_code == 403
