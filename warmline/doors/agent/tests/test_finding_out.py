"""On a case's page: what is given and who says yes, why it came to this, what is like it, and who
promises that it does not happen again."""

import re
from datetime import date

import pytest
from django.urls import reverse

from warmline.core.people.models import Store
from warmline.doors.agent.tests.test_cases import act, page_of, text_of
from warmline.goods.catalog.models import Category, Product
from warmline.service.desk import answering, builtin, classifying, ruling, sampling
from warmline.service.desk.models import Authority, Cause, Prevention, Remedy


@pytest.fixture(autouse=True)
def causes(db):
    builtin.install_more(Cause, Authority)


@pytest.fixture
def milk(db):
    category = Category.objects.get_or_create(code="formula", defaults={"name": "奶粉"})[0]
    return Product.objects.create(
        code="A1", gtin="06901234567892", name="晴牧奶粉 1 段", category=category
    )


def decide(browser, remedy, **said):
    return browser.post(reverse("agent:decision", args=[remedy.pk]), said)


def test_within_her_authority_something_is_given_at_once(case, ding, at):
    browser = at(ding)
    assert "¥500" in text_of(page_of(browser, case))  # the page says what she decides alone
    given = act(browser, case, "remedy", kind="refunded", amount="268.00", why="罐口破损")
    assert given.status_code == 302
    assert case.remedies.get().status == "approved"
    text = text_of(page_of(browser, case))
    assert "退款 ¥268.00" in text
    assert "已批准" in text


def test_above_it_a_manager_says_yes_and_nobody_to_herself(case, ding, qin, at):
    given = act(at(ding), case, "remedy", kind="refunded", amount="800", why="全箱受损")
    assert given.status_code == 302
    remedy = case.remedies.get()
    assert remedy.status == "asked"
    assert decide(at(ding), remedy, is_yes="1").status_code == 422
    page = at(qin).get(reverse("agent:approvals"))
    assert "全箱受损" in text_of(page)
    assert "1 位同事等您点头" in text_of(page)
    no = decide(at(qin), remedy, is_yes="0")
    assert no.status_code == 422  # a no has its reason
    assert decide(at(qin), remedy, words="在吗").status_code == 422
    assert decide(at(qin), remedy, is_yes="1").status_code == 302
    assert decide(at(qin), remedy, is_yes="0", words="算了").status_code == 409
    remedy.refresh_from_db()
    assert (remedy.status, remedy.decided_by) == ("approved", qin)
    done = act(at(ding), case, "end", outcome="refunded", words="退了", medium="phone")
    assert done.status_code == 302


def test_a_remedy_of_another_store_is_not_there(ask, far_store, ding, hejing, at):
    other = ask("别家的事", phone="+8613900000044", store=far_store)
    act(at(ding), other, "remedy", kind="refunded", amount="501", why="退")
    remedy = other.remedies.get()
    assert decide(at(hejing), remedy, is_yes="1").status_code == 404
    assert "Remedy" not in text_of(at(hejing).get(reverse("agent:approvals")))


@pytest.mark.parametrize("amount", ["-1", "0", "1000001", "abc", "1.234"])
def test_an_amount_that_cannot_be_right_comes_back_as_typed(case, ding, at, amount):
    page = act(at(ding), case, "remedy", kind="refunded", amount=amount, why="罐口破损")
    assert page.status_code == 422
    assert "罐口破损" in page.content.decode()
    assert not Remedy.objects.exists()


def test_the_cause_is_said_with_goods_lot_place_and_standard(case, ding, milk, far_store, at):
    told = {
        "cause": "goods-seal", "product": "6901234567892", "lot": " B20260901 ",
        "supplier": "晴牧", "fault_store": far_store.code, "sop": "收货验罐 v2",
    }  # fmt: skip
    assert act(at(ding), case, "classification", **told).status_code == 302
    case.refresh_from_db()
    assert (case.cause.code, case.product, case.lot) == ("goods-seal", milk, "B20260901")
    assert (case.fault_store, case.sop) == (far_store, "收货验罐 v2")
    text = text_of(page_of(at(ding), case))
    for words in ("封口、包装破损", "晴牧奶粉 1 段", "B20260901", "乌鲁木齐店", "收货验罐 v2"):
        assert words in text


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"cause": "goods"}, "cause"),
        ({"cause": "nothing"}, "cause"),
        ({"product": "X9"}, "product"),
        ({"fault_store": "没有这家店"}, "fault_store"),
    ],
)
def test_what_is_no_cause_or_no_product_is_said_at_its_field(case, ding, milk, at, said, wrong):
    page = act(at(ding), case, "classification", lot="B1", **said)
    assert page.status_code == 422
    assert f"classification_{wrong}_error" in page.content.decode()
    assert 'value="B1"' in page.content.decode()


def test_a_name_that_several_products_have_is_asked_again(case, ding, milk, at):
    Product.objects.create(code="A2", name="晴牧奶粉 2 段", category=milk.category)
    assert act(at(ding), case, "classification", product="晴牧奶粉").status_code == 422
    assert act(at(ding), case, "classification", product="2 段").status_code == 302


def test_a_cause_that_was_switched_off_is_not_offered(case, ding, at):
    Cause.objects.filter(code="goods-label").update(is_on=False)
    Cause.objects.filter(code="people").update(is_on=False)
    page = page_of(at(ding), case).content.decode()
    assert 'value="goods-seal"' in page
    assert 'value="goods-label"' not in page
    assert 'value="people-attitude"' not in page


def test_similar_cases_stand_side_by_side_and_are_linked_in_one_tap(
    case, ask, ding, hejing, milk, far_store, at
):
    seal = Cause.objects.get(code="goods-seal")
    same = ask("封口又坏", phone="+8613900000055")
    elsewhere = ask("别家同批", phone="+8613900000056", store=far_store)
    for one in (case, same, elsewhere):
        classifying.classify(one, cause=seal, product=milk, lot="B1", by=ding)
    address = reverse("agent:alike", args=[case.pk])
    text = text_of(at(ding).get(address))
    assert same.code in text
    assert elsewhere.code in text
    assert elsewhere.code not in text_of(at(hejing).get(address))  # another store's
    assert act(at(ding), case, "link", code=same.code).status_code == 302
    assert same.code in text_of(page_of(at(ding), case))


def test_nothing_is_alike_before_anything_is_known(case, ding, at):
    assert at(ding).get(reverse("agent:alike", args=[case.pk])).status_code == 200


def test_somebody_promises_that_it_does_not_happen_again(case, ding, qin, wu, at, afternoon):
    told = {"words": "换封口机", "owner": qin.pk, "due_on": "2026-11-30", "check_on": "2026-12-07"}
    assert act(at(ding), case, "prevention", **told).status_code == 422  # against which cause?
    act(at(ding), case, "classification", cause="goods-seal")
    wrong = act(at(ding), case, "prevention", **{**told, "check_on": "2026-11-30"})
    assert wrong.status_code == 422
    assert "换封口机" in wrong.content.decode()
    assert act(at(ding), case, "prevention", **{**told, "owner": wu.pk}).status_code == 422
    assert act(at(ding), case, "prevention", **told).status_code == 302
    promised = Prevention.objects.get()
    assert (promised.owner, promised.due_on, promised.case) == (qin, date(2026, 11, 30), case)
    assert "换封口机" in text_of(page_of(at(ding), case))
    listed = reverse("agent:preventions")
    assert "换封口机" in text_of(at(qin).get(listed))
    assert "换封口机" not in text_of(at(wu).get(listed))
    end = reverse("agent:prevention-done", args=[promised.pk])
    assert at(wu).post(end, {"words": "好了"}).status_code == 404
    afternoon("2026-11-23T17:00:00+08:00")
    assert at(qin).post(end, {"words": ""}).status_code == 422
    assert at(qin).post(end, {"words": "装好了"}).status_code == 302
    assert at(qin).post(end, {"words": "装好了"}).status_code == 409
    afternoon("2026-11-24T17:00:00+08:00")
    text = text_of(at(qin).get(listed))
    assert "装好了" in text
    assert re.search(r"之后 0 件.*之前同样长的时间 1 件", text)


def test_a_stores_manager_sees_the_form_of_her_own_authority(case, hejing, at):
    assert Store.objects.count() == 1
    assert "补偿 不超过 ¥200" in text_of(page_of(at(hejing), case))


def test_what_chance_drew_has_its_own_view(case, ding, mei, hire, at, afternoon):
    ruling.keep_rules(by=None, sample_percent=100)
    answering.no_reply_needed(case, because="只是说谢谢", by=ding)
    sampling.draw(date(2026, 11, 23))
    address = reverse("agent:samples")
    assert "只是说谢谢" not in text_of(at(ding).get(address))  # she marked it herself
    assert "只是说谢谢" in text_of(at(mei).get(address))
    assert re.search(r"抽查\s*1", text_of(at(mei).get(reverse("agent:inbox"))))
    sample = case.samples.get()
    look = reverse("agent:sample", args=[sample.pk])
    assert at(ding).post(look, {"is_right": "1"}).status_code == 422
    assert at(mei).post(look, {}).status_code == 422
    assert at(mei).post(look, {"is_right": "0"}).status_code == 422
    assert at(mei).post(look, {"is_right": "0", "words": "他在问退款"}).status_code == 302
    assert at(mei).post(look, {"is_right": "1"}).status_code == 409
    case.refresh_from_db()
    assert case.answer_by is not None
    assert "还欠他们一个答复" in text_of(page_of(at(ding), case))
    auditor = hire("audit", role="auditor", store=None)
    assert at(auditor).post(look, {"is_right": "1"}).status_code == 403
