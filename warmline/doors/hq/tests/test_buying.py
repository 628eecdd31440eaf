"""Head office says from when on buying is odd; the manager reads what was seen on the case's page and says
what it was."""

import re
from datetime import date

import pytest
from django.db import transaction
from django.urls import reverse

from warmline.core.journal.reacting import react_once
from warmline.core.journal.recording import record
from warmline.core.journal.workers import Shift
from warmline.core.people.models import Household, Staff
from warmline.doors.hq import buying
from warmline.doors.hq.tests.test_desk import hq_client, store  # noqa: F401 fixtures
from warmline.goods.sales.models import Sale
from warmline.service.care import odd_buying
from warmline.service.care.models import BuyingRule, OddBuying
from warmline.service.care.signals import OddBuyingFound


@pytest.fixture(autouse=True)
def rules(db):
    odd_buying.install(BuyingRule)


@pytest.fixture
def manager(store):  # noqa: F811
    return Staff.objects.create_user("hejing", "-", name="何静", role="manager", store=store)


@pytest.fixture
def odd(store, manager):  # noqa: F811
    lin = Household.objects.create(store=store, joined_on=date(2026, 7, 20))
    sale = Sale.objects.create(
        source="till", document_no="R-77", store=store, household=lin,
        sold_at="2026-11-20T04:00:00Z", sold_on="2026-11-20", total=300,
    )  # fmt: skip
    with transaction.atomic():
        found = OddBuying.objects.create(
            rule=BuyingRule.objects.get(code="card"), household=lin, store=store,
            since=date(2026, 11, 20), until=date(2026, 11, 20),
            figures={"times": 6, "amount": 1800.0, "on_day": "2026-11-20", "receipts": [sale.pk]},
        )  # fmt: skip
        record(OddBuyingFound(household=lin.pk, store=store.pk, odd=found.pk))
    with Shift("test") as shift:
        while react_once(shift):
            pass
    found.refresh_from_db()
    return found


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def said(page):
    return {
        bound.html_name: "on" if bound.value() is True else bound.value()
        for form in page.context["forms"]
        for bound in form
        if bound.value() not in (None, False)
    }


def test_thresholds_are_rows_that_head_office_changes(hq_client):  # noqa: F811
    address = reverse("hq:buying")
    kept = said(hq_client.get(address))
    assert hq_client.post(address, {**kept, "hoard-count_max": "20"}).status_code == 302
    assert BuyingRule.objects.get(code="hoard").count_max == 20
    wrong = hq_client.post(address, {**kept, "card-days": "0"})
    assert wrong.status_code == 422
    assert "id_card-days_error" in wrong.content.decode()
    off = {name: value for name, value in kept.items() if name != "staff-is_on"}
    assert hq_client.post(address, off).status_code == 302
    assert not BuyingRule.objects.get(code="staff").is_on


def test_the_manager_reads_what_was_seen_and_says_what_it_was(hq_client, client, odd, manager):  # noqa: F811
    client.force_login(manager)
    page = reverse("agent:case", args=[odd.case_id])
    text = text_of(client.get(page))
    for words in ("同一张卡", "6 次", "R-77"):
        assert words in text
    address = reverse("agent:odd-buying", args=[odd.case_id])
    empty = client.post(address, {"is_explained": "0", "words": ""})
    assert empty.status_code == 422
    assert "odd_words_error" in empty.content.decode()
    undecided = client.post(address, {"words": "帮邻居刷卡"})
    assert undecided.status_code == 422
    assert "帮邻居刷卡" in undecided.content.decode()
    told = {"is_explained": "0", "words": "帮邻居刷卡攒分，已说明"}
    assert client.post(address, told).status_code == 302
    assert client.post(address, told).status_code == 409
    head = Staff.objects.get(username="hq")
    client.force_login(head)
    text = text_of(client.get(reverse("hq:buying")))
    assert "帮邻居刷卡攒分，已说明" in text
    assert "属于滥用" in text


def test_a_case_of_another_store_is_not_there(hq_client, client, odd):  # noqa: F811
    guide = Staff.objects.create_user("zhou", "-", name="周洁", role="guide", store=odd.store)
    client.force_login(guide)
    address = reverse("agent:odd-buying", args=[odd.case_id])
    assert client.post(address, {"is_explained": "1", "words": "好"}).status_code == 404


def test_what_was_found_is_read_page_by_page(hq_client, odd, store, monkeypatch):  # noqa: F811
    monkeypatch.setattr(buying, "SHOWN", 2)
    for times in (7, 8):
        OddBuying.objects.create(
            rule=odd.rule, store=store, card=f"M{times}", since=odd.since, until=odd.until,
            figures={**odd.figures, "times": times},
        )  # fmt: skip
    address = reverse("hq:buying")
    assert [o.card for o, *_ in hq_client.get(address).context["rows"]] == ["M8", "M7"]
    second = hq_client.get(f"{address}?page=2")
    assert [o.pk for o, *_ in second.context["rows"]] == [odd.pk]
    assert b"?page=1" in second.content
