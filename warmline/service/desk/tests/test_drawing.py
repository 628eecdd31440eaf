"""How much of a clock's time has gone, as it is drawn."""

from datetime import datetime

from warmline.service.desk import answering
from warmline.service.desk.drawing import WIDTH, clocks_of, share_of
from warmline.service.desk.escalating import escalate
from warmline.service.desk.models import Case


def test_a_word_that_is_overdue_has_used_all_of_its_time_however_often_it_was_escalated(
    clock, case, zhou, hejing
):
    """Going up the ladder is something that happens to the case too: its time does not begin anew."""
    due = datetime.fromisoformat("2026-11-24T12:00:00+08:00")
    answering.answer(case, words="在查，明天中午给您电话", by=zhou, next_at=due)
    clock("2026-11-24T14:00:00+08:00")
    assert escalate()

    late = Case.objects.get(pk=case.pk)

    assert share_of(late) == WIDTH
    assert {c.name: c.share for c in clocks_of(late)}["promise"] == WIDTH
