"""Head office says how its desk works; what is in use is switched off and never taken away."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from warmline.service.desk import builtin, classifying, deciding, feeding_back, ruling
from warmline.service.desk.models import Authority, CaseKind, Cause, Department, rules

ZH = {"zh-hans": "积分争议", "en": "Points"}


@pytest.fixture(autouse=True)
def causes(db):
    builtin.install_more(Cause, Authority)


def kind(code):
    return CaseKind.objects.get(code=code)


def test_rules_hold_for_what_comes_and_say_who_changed_them(case, qin, ask):
    was = case.finish_by
    ruling.keep_rules(by=qin, review_days=2, cut_off_min=60)
    ruling.keep_rules(by=qin, review_days=2)  # the same again is no change
    assert rules().review_days == 2
    case.refresh_from_db()
    assert case.finish_by == was
    (change,) = ruling.changes_of("rules")
    assert change.who == "qin"
    assert change.changes == {"review_days": [1, 2], "cut_off_min": [30, 60]}


@pytest.mark.parametrize(
    "wrong",
    [{"cut_off_min": 500}, {"review_days": 0}, {"untouched_min": 0}, {"sample_percent": 101}],
)
def test_a_time_that_makes_no_sense_is_refused(db, qin, wrong):
    with pytest.raises(ValidationError) as error:
        ruling.keep_rules(by=qin, **wrong)
    assert set(error.value.error_dict) == set(wrong)


def test_a_kind_is_switched_off_and_the_last_one_is_not(case, qin, ask):
    facts = {"finish_days": 2, "by": qin, "is_on": False}
    ruling.keep_kind(kind("quality"), name={"zh-hans": "商品质量"}, **facts)
    case.refresh_from_db()
    assert str(case.kind) == "商品质量"  # what it was called stays with it
    assert kind("quality") not in CaseKind.objects.offered()
    CaseKind.objects.exclude(code="praise").update(is_on=False)
    with pytest.raises(ValidationError):
        ruling.keep_kind(kind("praise"), name={"zh-hans": "表扬"}, **facts)
    assert ask("夸夸你们", kind="", phone="+8613900000066").case.kind.code == "praise"


def test_a_kind_that_only_we_raise_is_offered_to_nobody(qin):
    made = ruling.keep_kind(CaseKind(), code="points", name=ZH, is_internal=True, by=qin)
    assert made not in CaseKind.objects.offered()
    with pytest.raises(ValidationError):
        ruling.keep_kind(CaseKind(), code="points", name=ZH, by=qin)  # the code is taken
    with pytest.raises(ValidationError):
        ruling.keep_kind(CaseKind(), code="other2", name={"en": "Other"}, by=qin)


def test_a_department_that_owes_an_answer_stays_on(case, purchasing, qin, ding, wu):
    name = {"zh-hans": "采购部"}
    feeding_back.feed_back(case, purchasing, finding="封口机温度不够", by=ding)
    with pytest.raises(ValidationError):
        ruling.keep_department(purchasing, name=name, keepers=[qin], is_on=False, by=qin)
    ruling.keep_department(purchasing, name=name, keepers=[qin], is_on=True, by=qin)
    assert list(purchasing.keepers.all()) == [qin]
    assert feeding_back.inbox_of(qin).count() == 1
    (change,) = ruling.changes_of("department", "purchasing")
    assert change.changes["keepers"] == [["cai"], ["qin"]]
    wu.leave()
    with pytest.raises(ValidationError):
        ruling.keep_department(purchasing, name=name, keepers=[wu], by=qin)
    made = ruling.keep_department(
        Department(), code="it", name={"zh-hans": "信息"}, keepers=[], by=qin
    )
    assert made.keepers.count() == 0


def test_causes_have_two_levels_and_no_more(case, qin, ding):
    goods, seal = (Cause.objects.get(code=code) for code in ("goods", "goods-seal"))
    classifying.classify(case, cause=seal, by=ding)
    name = {"zh-hans": "封口"}
    for parent in (seal, Cause.objects.get(code="goods-label")):
        with pytest.raises(ValidationError):
            ruling.keep_cause(seal, name=name, parent=parent, by=qin)
    with pytest.raises(ValidationError):  # a group with causes of its own
        ruling.keep_cause(goods, name=name, parent=Cause.objects.get(code="people"), by=qin)
    ruling.keep_cause(seal, name=name, parent=goods, is_on=False, by=qin)
    case.refresh_from_db()
    assert (case.cause, str(case.cause)) == (seal, "封口")


def test_somebody_can_always_say_yes(case, qin, zhou):
    levels = {(row.role, row.kind): row.amount_max for row in Authority.objects.all()}
    with pytest.raises(ValidationError):
        ruling.keep_levels({**levels, ("hq", "refunded"): Decimal(9999)}, by=qin)
    ruling.keep_levels({**levels, ("guide", "refunded"): Decimal(50)}, by=qin)
    given = deciding.give(case, kind="refunded", amount=Decimal(50), why="退一罐", by=zhou)
    assert given.status == "approved"
    (change,) = ruling.changes_of("levels")
    assert change.changes == {"guide refunded": ["0.00", "50.00"]}
