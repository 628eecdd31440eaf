"""While something about a lot is checked nobody sells it; it needs no word on each tin."""

import pytest
from django.core.exceptions import ValidationError

from warmline.base.stateful import WrongMove
from warmline.goods.trace import batches, handing, holding, recalls, scopes, selling, verdicts
from warmline.goods.trace.models import CodeBatch, Hold, Lot
from warmline.goods.trace.verdicts import Word

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch(lot):
    made = batches.plan(lot, size=6)
    batches.activate(made)
    return CodeBatch.objects.get(pk=made.pk)


def test_a_held_lot_is_not_sold_and_goes_on_when_it_is_released(lot, batch, store):
    other = Lot.objects.create(gtin=lot.gtin, number="L8", product=lot.product)
    made = batches.plan(other, size=2)
    batches.activate(made)
    held = holding.hold(lot, why="封口可能不牢", by=None)
    for tin in (batch.base, batch.base + 5):
        assert verdicts.verdict(tin).word == Word.HELD
        with pytest.raises(selling.CannotSell) as refused:
            selling.sell(tin, store=store)
        assert str(refused.value.sentence) == "这批货正在核查，暂停销售。"
    assert verdicts.verdict(made.base).word == Word.GENUINE  # the next lot is sold on
    assert holding.hold(lot, why="又一家说", by=None) == held
    with pytest.raises(ValidationError):
        holding.release(held, outcome=" ", by=None)
    holding.release(held, outcome="检测合格", by=None)
    with pytest.raises(WrongMove):
        holding.release(held, outcome="又一次", by=None)
    selling.sell(batch.base, store=store)
    assert holding.hold(lot, why="再查一次", by=None) != held
    assert Hold.objects.count() == 2


def test_what_a_guide_gives_from_a_held_lot_is_set_aside_with_the_reason(
    lot, batch, store, families
):
    holding.hold(lot, why="封口可能不牢", by=None)
    uri = next(batches.codes(batch))[1]
    tally = handing.give([uri], household=families[0], store=store)
    assert tally.tins == 0
    assert "暂停销售" in tally.aside[0].reason


def test_a_recall_says_more_than_a_hold(lot, batch):
    holding.hold(lot, why="封口可能不牢", by=None)
    recalls.declare(scopes.of_lots([lot]), title="晴牧 L7", reason="封口")
    assert verdicts.verdict(batch.base).word == Word.RECALLED
