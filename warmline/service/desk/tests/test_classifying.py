"""Why it came to this, cases side by side, and what was promised against a cause."""

import pytest
from django.core.exceptions import ValidationError

from warmline.service.desk import builtin, classifying
from warmline.service.desk.models import Authority, Cause


@pytest.fixture(autouse=True)
def causes(db):
    builtin.install_more(Cause, Authority)


def test_the_last_word_counts_and_every_word_is_kept(case, ding):
    seal, late = Cause.objects.get(code="goods-seal"), Cause.objects.get(code="delivery-late")
    classifying.classify(case, cause=late, by=ding)
    classifying.classify(case, cause=seal, lot="B20260901", supplier="晴牧", by=ding)
    case.refresh_from_db()
    assert (case.cause, case.lot) == (seal, "B20260901")
    said = [e.body["cause"] for e in case.events.filter(kind="classified")]
    assert said == ["delivery-late", "goods-seal"]


def test_a_group_is_no_cause(case, ding):
    with pytest.raises(ValidationError):
        classifying.classify(case, cause=Cause.objects.get(code="goods"), by=ding)


def test_cases_side_by_side(clock, case, ask, ding, wu):
    seal = Cause.objects.get(code="goods-seal")
    clock("2026-11-23T17:00:00+08:00")
    others = [ask(phone=f"+861370000000{n}").case for n in range(3)]
    classifying.classify(case, cause=seal, lot="B1", by=ding)
    classifying.classify(others[0], cause=seal, by=ding)
    classifying.classify(others[1], cause=seal, lot="B1", by=ding)
    assert list(classifying.similar(case, seen_by=ding)) == [others[1], others[0]]
    others[0].owner = ding
    assert others[0] in classifying.similar(case, seen_by=wu)
