"""A case about food safety that names a lot asks head office whether it is sold on."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from warmline.base.stateful import WrongMove
from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.goods.catalog.models import Category, Product
from warmline.goods.trace import holding
from warmline.goods.trace.models import Hold, Lot
from warmline.service.desk import classifying, freezing
from warmline.service.desk.models import Case, Freeze
from warmline.service.desk.receiving import Asker, receive


@pytest.fixture
def milk(db):
    category = Category.objects.get_or_create(code="formula", defaults={"name": "奶粉"})[0]
    return Product.objects.create(code="A1", name="晴牧奶粉 1 段", category=category)


@pytest.fixture
def lot(milk):
    return Lot.objects.create(
        gtin="06901234567892", number="L7", product=milk, expires_on=date(2028, 9, 30)
    )


@pytest.fixture
def sick(ask):
    """A red flag: the baby is unwell after drinking it."""
    case = ask("宝宝喝了以后一直吐，还发烧", phone="+8613700000091").case
    assert case.urgency >= Case.Urgency.SAFETY
    return case


def react_all():
    with Shift("test") as shift:
        while react_once(shift):
            pass


def name(case, milk, by, lot="L7"):
    classifying.classify(case, cause=None, product=milk, lot=lot, by=by)
    case.refresh_from_db()
    react_all()


def test_a_red_flag_with_a_lot_is_proposed_without_anybody_thinking_of_it(sick, milk, ding, qin):
    qin.phone = "+8613900000009"
    qin.save()
    name(sick, milk, ding)
    freeze = Freeze.objects.get()
    assert (freeze.case, freeze.product, freeze.number) == (sick, milk, "L7")
    asked = Message.objects.get(key__startswith="freeze-asked")
    assert "L7" in asked.text
    assert asked.get_purpose_display() == "给同事", "what we tell each other is no delivery"
    assert sick.events.filter(kind="freeze").count() == 1
    name(sick, milk, ding)  # said better: asked once
    assert Freeze.objects.count() == 1


def test_what_is_no_danger_is_proposed_by_nobody_but_a_colleague(case, milk, ding):
    Case.objects.filter(pk=case.pk).update(urgency=Case.Urgency.NORMAL)
    name(case, milk, ding)
    assert not Freeze.objects.exists()
    freezing.propose(case, why="三家都说封口不牢", by=ding)
    assert Freeze.objects.get().why == "三家都说封口不牢"
    classifying.classify(case, cause=None, by=ding)
    with pytest.raises(ValidationError):
        freezing.propose(case, why="不知道哪批", by=ding)


def test_a_red_flag_that_comes_later_is_enough(ask, milk, ding):
    case = ask("配送晚了两天", kind="delivery", phone="+8613700000092").case
    assert case.urgency == Case.Urgency.NORMAL
    name(case, milk, ding)
    assert not Freeze.objects.exists()
    asker = Asker(name="林先生", phone="+8613700000092")
    receive(channel="web", words="宝宝喝了一直吐，发烧了", asker=asker, case=case)
    react_all()
    assert Freeze.objects.count() == 1


def test_only_head_office_stops_a_sale_and_says_why(sick, milk, lot, ding, qin, hejing):
    name(sick, milk, ding)
    freeze = Freeze.objects.get()
    for who, why in ((ding, "停"), (hejing, "停"), (qin, " ")):
        with pytest.raises(ValidationError):
            freezing.decide(freeze, is_yes=True, reason=why, by=who)
    freezing.decide(freeze, is_yes=True, reason="先停，送检", by=qin)
    assert freeze.status == Freeze.Status.ACCEPTED
    assert holding.held([lot.pk]) == {lot.pk: freeze.hold_id}
    assert Hold.objects.get().why == "先停，送检"
    with pytest.raises(WrongMove):
        freezing.decide(freeze, is_yes=False, reason="算了", by=qin)
    assert sick.events.get(kind="freeze_decided").words == "先停，送检"
    assert freezing.propose(sick, why="再提", by=ding) is None  # it is stopped already


def test_what_no_till_could_refuse_is_not_said_to_be_stopped(sick, milk, ding, qin):
    name(sick, milk, ding, lot="NO-SUCH")
    freeze = Freeze.objects.get()
    with pytest.raises(ValidationError) as error:
        freezing.decide(freeze, is_yes=True, reason="停", by=qin)
    assert "NO-SUCH" in str(error.value)
    freeze.refresh_from_db()
    assert freeze.status == Freeze.Status.PROPOSED
    assert not Hold.objects.exists()


def test_after_a_no_the_same_case_asks_no_more_and_another_does(sick, ask, milk, lot, ding, qin):
    name(sick, milk, ding)
    freezing.decide(Freeze.objects.get(), is_yes=False, reason="同批留样合格", by=qin)
    assert not holding.held([lot.pk])
    name(sick, milk, ding)
    assert not freezing.to_decide().exists()
    other = ask("喝了拉肚子，发烧", phone="+8613700000093").case
    name(other, milk, ding)
    assert freezing.to_decide().get().case == other
    assert freezing.cases_of(freezing.to_decide().get()).count() == 2
