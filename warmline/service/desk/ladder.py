"""The ladder: who hears of a late case on each rung. Where nobody stands on a rung, the next one up."""

from warmline.core.people.models import Staff
from warmline.service.desk.models import Case

RUNGS = ("keeper", "manager", "region", "hq")


def who_hears(case: Case, level: str) -> list[Staff]:
    """Everybody who is told; a department's answer is asked of its keepers first."""
    for rung in RUNGS[RUNGS.index(level) :]:
        if found := _on(rung, case):
            return found
    return []


def _on(rung: str, case: Case) -> list[Staff]:
    at_work = Staff.objects.at_work()
    if rung == "keeper":
        if case.state == Case.State.FEEDBACK and case.feedback_due:
            owed = list(case.feedback_due)
            return list(at_work.filter(departments__feedback__in=owed).distinct())
        return list(at_work.filter(pk=case.owner_id))
    managers = at_work.filter(role=Staff.Role.MANAGER)
    if rung == "manager":
        return list(managers.filter(store=case.store_id))
    if rung == "region":
        return list(managers.filter(store__isnull=True, region__stores=case.store_id))
    return list(at_work.filter(role=Staff.Role.HQ))
