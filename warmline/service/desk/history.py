"""History: what a family brought to us before stands beside what it brings now (S25)."""

from collections import Counter
from dataclasses import dataclass

from warmline.base.clock import now
from warmline.core.people.models import Household, Staff
from warmline.service.desk.models import Case
from warmline.service.desk.models.case import CaseQuerySet

SHOWN = 8
LOOKED_AT = 200


@dataclass(frozen=True)
class History:
    """The cases of one family or one number, the latest first, and what they were about."""

    cases: list[Case]
    count: int
    open: int
    is_again: bool  # the same kind of matter within ninety days


def earlier(case: Case, *, seen_by: Staff) -> History:
    """Everything else that whoever asks has brought to us, as far as the reader may see it."""
    if case.household_id:
        theirs = Case.objects.filter(household=case.household_id)
    elif case.phone_bi:
        theirs = Case.objects.filter(phone_bi=bytes(case.phone_bi), household__isnull=True)
    else:
        return History([], 0, 0, is_again=False)
    found = _latest(theirs.seen_by(seen_by).exclude(pk=case.pk))
    since = {(c.kind_id, (case.opened_at - c.opened_at).days <= 90) for c in found}
    return _history(found, is_again=(case.kind_id, True) in since)


def of_family(family: Household, *, seen_by: Staff) -> History:
    """What a family brought to us, on its own file."""
    found = _latest(family.cases.seen_by(seen_by))
    lately = Counter(c.kind_id for c in found if (now() - c.opened_at).days <= 90)
    return _history(found, is_again=any(n > 1 for n in lately.values()))


def _latest(cases: CaseQuerySet) -> list[Case]:
    return list(cases.select_related("kind", "owner").order_by("-opened_at")[:LOOKED_AT])


def _history(found: list[Case], *, is_again: bool) -> History:
    still = sum(c.closed_at is None for c in found)
    return History(found[:SHOWN], len(found), still, is_again=is_again)
