"""Within her authority somebody decides alone; beyond it somebody with more says yes or no."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from warmline.base.stateful import WrongMove
from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.service.desk import answering, builtin, deciding
from warmline.service.desk.models import Authority, Cause, Remedy


@pytest.fixture(autouse=True)
def levels(db):
    builtin.install_more(Cause, Authority)


def ask_for(case, by, amount, kind="replaced"):
    return deciding.give(case, kind=kind, amount=Decimal(amount), why="罐口破损", by=by)


def test_within_her_authority_she_decides_alone(case, zhou):
    assert ask_for(case, zhou, 100).status == "approved"


def test_beyond_it_the_manager_is_asked_on_the_phone(case, zhou, hejing):
    hejing.phone = "+8613900000002"
    hejing.save()
    remedy = ask_for(case, zhou, "268.00")
    assert remedy.status == "asked"
    assert list(deciding.to_decide(hejing)) == [remedy]
    assert not deciding.to_decide(zhou).exists()
    with Shift("test") as shift:
        while react_once(shift):
            pass
    assert "268.00" in Message.objects.get(key__startswith="remedy-asked").text
    deciding.decide(remedy, is_yes=True, by=hejing)
    assert remedy.status == "approved"
    with pytest.raises(WrongMove):
        deciding.decide(Remedy.objects.get(pk=remedy.pk), is_yes=False, by=hejing, words="不行")


def test_many_small_sums_on_one_case_are_one_large_one(case, zhou, hejing, qin):
    alone = deciding.limit_of(zhou, "replaced")
    assert ask_for(case, zhou, alone, "replaced").status == "approved"
    second = ask_for(case, zhou, "0.01", "replaced")
    assert second.status == "asked"
    assert list(deciding.to_decide(hejing)) == [second]
    manager = deciding.limit_of(hejing, "replaced")
    rest = ask_for(case, zhou, manager, "replaced")
    assert list(deciding.to_decide(hejing)) == [second]
    assert not deciding.may_say(hejing, rest)
    with pytest.raises(ValidationError):
        deciding.decide(rest, is_yes=True, by=hejing)
    deciding.decide(second, is_yes=True, by=hejing)
    assert set(deciding.to_decide(qin)) == {rest}
    deciding.decide(rest, is_yes=True, by=qin)


def test_nobody_says_yes_to_herself_or_beyond_her_own_authority(case, hejing, ding, qin):
    remedy = ask_for(case, hejing, 5000, "refunded")
    for who in (hejing, ding):
        with pytest.raises(ValidationError):
            deciding.decide(remedy, is_yes=True, by=who)
    deciding.decide(remedy, is_yes=False, by=qin, words="先换货")
    assert remedy.status == "refused"


def test_money_is_not_given_back_on_a_word_alone(case, zhou, hejing):
    with pytest.raises(ValidationError):
        answering.finish(case, outcome="refunded", words="退了", by=zhou)
    remedy = ask_for(case, zhou, 268, "refunded")
    with pytest.raises(ValidationError):
        answering.finish(case, outcome="refunded", words="退了", by=zhou)
    deciding.decide(remedy, is_yes=True, by=hejing)
    answering.finish(case, outcome="refunded", words="退了", by=zhou)
    assert case.state == "review"


def test_amounts_that_cannot_be_right_are_refused(case, qin):
    for amount in ("-1", "1000001"):
        with pytest.raises(ValidationError):
            ask_for(case, qin, amount)
