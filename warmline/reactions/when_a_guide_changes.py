"""A family has a new home guide: what her predecessor still owed, she keeps."""

from collections import defaultdict

from django.db.models import Q

from warmline.core.journal.listeners import on
from warmline.core.people.signals import GuideChanged
from warmline.core.promises.models import Promise


@on(GuideChanged, batch=True)
def keep_what_her_predecessor_owed(signals: list[GuideChanged]) -> None:
    """And what nobody owed yet, or others in a store that the family has left: they cannot see it
    any more."""
    passed_on: dict[tuple[int | None, int | None, int], set[int]] = defaultdict(set)
    for signal in signals:
        passed_on[signal.was, signal.becomes, signal.store].add(signal.household)
    for (was, becomes, store), families in passed_on.items():
        owed = Promise.objects.filter(household__in=families).owed()
        theirs = Q(keeper=was) | Q(keeper__isnull=True) | ~Q(store=store)
        owed.filter(theirs).update(keeper=becomes, store=store)
