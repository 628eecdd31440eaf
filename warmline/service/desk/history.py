"""History: what a family brought to us before stands beside what it brings now (S25)."""

from dataclasses import dataclass

from warmline.core.people.models import Staff
from warmline.service.desk.models import Case

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
    latest = theirs.seen_by(seen_by).exclude(pk=case.pk).order_by("-opened_at")
    found = list(latest.select_related("kind", "owner")[:LOOKED_AT])
    since = {(c.kind_id, (case.opened_at - c.opened_at).days <= 90) for c in found}
    still = sum(c.closed_at is None for c in found)
    is_again = (case.kind_id, True) in since
    return History(found[:SHOWN], len(found), still, is_again=is_again)
