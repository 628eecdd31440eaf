"""No case is left with somebody who is gone, who never answered an offer, or who let it lie."""

from datetime import datetime

from warmline.core.people import calendar
from warmline.goods.sales.models import Sale
from warmline.service.desk import answering, owning
from warmline.service.desk.returning import return_all


def at(text):
    return datetime.fromisoformat(text)


def test_who_leaves_leaves_no_case_behind(case, zhou, wu):
    """chatwoot#9587: a reopened chat went to an agent who was off shift."""
    zhou.leave()
    assert return_all() == 1
    case.refresh_from_db()
    assert case.owner == wu
    assert case.events.last().body["because"] == "left"


def test_with_nobody_at_work_it_is_the_stores(case, zhou):
    zhou.leave()
    assert return_all() == 1
    case.refresh_from_db()
    assert (case.owner, case.queue) == (None, "store")
    assert return_all() == 0


def test_who_is_back_before_the_deadline_keeps_it(case, zhou, wu):
    zhou.go_away(at("2026-11-23T17:30:00+08:00"))
    assert return_all() == 0
    zhou.go_away(at("2026-11-25T09:00:00+08:00"))
    assert return_all() == 1
    case.refresh_from_db()
    assert case.owner == wu


def test_an_offer_that_nobody_answers_lapses(case, zhou, wu, clock):
    """chatwoot#13515: no return timer."""
    owning.offer(case, to=wu, by=zhou)
    clock("2026-11-23T17:05:00+08:00")
    assert return_all() == 0
    clock("2026-11-23T17:11:00+08:00")
    assert return_all() == 1
    case.refresh_from_db()
    assert (case.owner, case.offered_to) == (zhou, None)


def test_what_its_owner_does_not_touch_everybody_sees(clock, ask, zhou, wu, store):
    """chatwoot#6889: a forgotten conversation."""
    calendar.lay_out([store], at("2026-11-22T00:00:00+08:00").date(), 5)
    clock("2026-11-23T09:30:00+08:00")
    case = ask().case
    clock("2026-11-23T11:00:00+08:00")
    assert return_all() == 0
    clock("2026-11-23T11:31:00+08:00")
    assert return_all() == 1
    case.refresh_from_db()
    assert case.owner is None
    assert return_all() == 0


def test_what_she_answered_stays_hers(clock, ask, zhou, wu, store):
    calendar.lay_out([store], at("2026-11-22T00:00:00+08:00").date(), 5)
    clock("2026-11-23T09:30:00+08:00")
    case = ask().case
    answering.answer(case, words="在查", by=zhou, next_at=at("2026-11-23T17:00:00+08:00"))
    clock("2026-11-23T14:00:00+08:00")
    assert return_all() == 0


def test_who_sold_it_is_asked_first(clock, ask, lin, store, wu, zhou):
    clock("2026-11-23T09:30:00+08:00")
    Sale.objects.create(
        source="till", document_no="D1", store=store, household=lin, guide=wu,
        sold_at="2026-11-20T10:00+08:00", sold_on="2026-11-20", total=0,
    )  # fmt: skip
    assert ask().case.owner == wu
    wu.go_away(at("2026-11-30T10:00:00+08:00"))
    clock("2026-11-23T10:30:00+08:00")
    assert ask().case.owner == zhou


def test_then_somebody_of_the_store_who_speaks_the_dialect(clock, ask, lin, zhou, hire):
    """Whichever of them it is: else it would be the one whose turn it happens to be."""
    zhou.leave()
    colleagues = [hire(name) for name in "abc"]
    lin.dialect = "四川话"
    lin.save()
    for hour, speaker in enumerate(colleagues, 9):
        for colleague in colleagues:
            colleague.dialects = ["四川话"] if colleague == speaker else ["粤语"]
            colleague.save()
        clock(f"2026-11-23T{hour:02}:30:00+08:00")
        assert ask().case.owner == speaker
