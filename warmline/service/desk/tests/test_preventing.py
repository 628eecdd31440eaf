"""Somebody promises that it will not happen again; and the cases say whether it helped."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from warmline.base.stateful import WrongMove
from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.service.desk import builtin, classifying, preventing
from warmline.service.desk.models import Authority, Cause, Prevention


@pytest.fixture
def seal(db):
    builtin.install_more(Cause, Authority)
    return Cause.objects.get(code="goods-seal")


def react_all():
    with Shift("test") as shift:
        while react_once(shift):
            pass


def promise(seal, case, qin, ding, **days):
    told = {"due_on": date(2026, 11, 30), "check_on": date(2026, 12, 7), **days}
    return preventing.prevent(seal, words="换供应商", owner=qin, by=ding, case=case, **told)


def test_it_is_looked_at_only_after_it_is_done(seal, case, qin, ding):
    for wrong in (
        {"check_on": date(2026, 11, 30)},
        {"due_on": date(2026, 11, 1)},
        {"check_on": date(2029, 1, 1)},
    ):
        with pytest.raises(ValidationError):
            promise(seal, case, qin, ding, **wrong)
    with pytest.raises(ValidationError):  # nobody knows yet against what
        promise(None, case, qin, ding)
    qin.leave()
    with pytest.raises(ValidationError):  # nobody who left promises anything
        promise(seal, case, qin, ding)
    assert not Prevention.objects.exists()


def test_its_owner_is_told_and_reminded_once_a_day(clock, seal, case, qin, ding):
    qin.phone = "+8613900000009"
    qin.save()
    promised = promise(seal, case, qin, ding)
    assert case.events.get(kind="prevention").words == "换供应商"
    react_all()
    assert "换供应商" in Message.objects.get(key=f"prevention:{promised.pk}").text
    assert preventing.look_after().late == 0
    clock("2026-12-02T02:00:00+08:00")
    assert preventing.look_after().late == 1
    assert preventing.look_after().late == 0  # done twice, told once
    react_all()
    assert Message.objects.filter(key__startswith=f"prevention:{promised.pk}:").count() == 1


def test_the_night_says_whether_it_helped(clock, seal, case, qin, ding, wu):
    qin.phone = "+8613900000009"
    qin.save()
    classifying.classify(case, cause=seal, by=ding)
    promised = promise(seal, case, qin, ding)
    clock("2026-11-28T10:00:00+08:00")
    with pytest.raises(ValidationError):
        preventing.done(promised, words="换好了", by=wu)  # it is not hers to say
    preventing.done(promised, words="封口机换好了", by=qin)
    with pytest.raises(WrongMove):
        preventing.done(promised, words="又换了", by=qin)
    with pytest.raises(ValidationError):
        preventing.check_effect(promised)
    assert preventing.look_after().checked == 0
    clock("2026-12-08T02:00:00+08:00")
    assert preventing.look_after().checked == 1
    promised.refresh_from_db()
    assert (promised.status, promised.before, promised.after) == ("effective", 1, 0)
    assert not preventing.owed().exists()
    assert list(preventing.looked_at()) == [promised]
    react_all()
    assert "1" in Message.objects.get(key=f"prevention-checked:{promised.pk}:{qin.pk}").text


def test_what_changes_nothing_did_not_help(clock, seal, case, ask, qin, ding):
    promised = promise(seal, None, qin, ding)
    classifying.classify(case, cause=seal, by=ding)
    clock("2026-11-28T10:00:00+08:00")
    preventing.done(promised, words="贴了提示", by=qin)
    clock("2026-11-29T10:00:00+08:00")
    again = ask("又一罐漏了", phone="+8613900000077").case
    classifying.classify(again, cause=seal, by=ding)
    clock("2026-12-08T10:00:00+08:00")
    preventing.check_effect(promised)
    assert promised.status == Prevention.Status.WITHOUT_EFFECT
    assert (promised.before, promised.after) == (1, 1)
