"""Handing over: a guide leaves or changes store, and her families go to one who will know them.

In batches of at most a hundred, a day ahead, so that a family may say no; and none is passed on
more than twice in ninety days. The rules are those of the messenger that the guides use.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.journal.recording import record, record_many
from warmline.core.people import searching
from warmline.core.people.models import Handover, HandoverItem, Household, Staff
from warmline.core.people.signals import GuideChanged, HandoverRefused, StaffLeft

BATCH = 100
TIME_TO_REFUSE = timedelta(hours=24)
OFTEN = timedelta(days=90)
OFTEN_MAX = 2
WAITING, DONE = HandoverItem.Status.WAITING, HandoverItem.Status.DONE


class Proposal(NamedTuple):
    """What was arranged, and which families stay because they were passed on too often already."""

    handovers: list[Handover]
    stay: list[int]


@transaction.atomic
def propose(
    from_guide: Staff, to_guide: Staff, *, by: Staff, households: Iterable[int] | None = None
) -> Proposal:
    """Arrange for her families (or these of them) to pass to a colleague in a day's time."""
    if not to_guide.is_active or not to_guide.store_id or to_guide == from_guide:
        raise ValidationError(_("The families need a colleague who works in a store."))
    hers = Household.objects.filter(home_guide=from_guide, merged_into__isnull=True)
    hers = hers.exclude(handovers__status=WAITING)
    if households is not None:
        hers = hers.filter(pk__in=list(households))
    families = list(
        hers.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True)
    )
    tired = _passed_on_often(families)
    going = [family for family in families if family not in tired]
    return Proposal(
        [_batch(from_guide, to_guide, by, some) for some in _batches(going)], sorted(tired)
    )


def refuse(
    item: HandoverItem, reason: str, *, by: Staff | None = None, instead: Staff | None = None
) -> None:
    """The family does not want the new guide: it stays with the one it has, or, if she has left,
    with its store; or it names `instead` whom of its store it would rather have, from now on."""
    home, offered = item.household, item.handover.to_guide
    if instead and (not instead.is_active or instead.store_id != home.store_id):
        raise ValidationError({"instead": _("Choose somebody who works in the family's store.")})
    with item.move(HandoverItem.Status.REFUSED):
        item.refused_for = reason
        at = {"household": home.pk, "store": home.store_id}
        record(HandoverRefused(**at, handover=item.handover_id, offered=offered.pk), by=by)
        if instead and instead.pk != home.home_guide_id:
            record(GuideChanged(**at, was=home.home_guide_id, becomes=instead.pk), by=by)
            Household.objects.filter(pk=home.pk).update(home_guide=instead)


def latest(household: Household) -> HandoverItem | None:
    """The last time somebody wanted to pass this family on, if that is not long ago."""
    lately = HandoverItem.objects.filter(
        household=household, handover__takes_effect_at__gt=now() - OFTEN
    )
    last = lately.order_by("-pk").values_list("pk", flat=True).first()  # mostly there is none
    if last is None:
        return None
    return lately.select_related("handover__from_guide", "handover__to_guide").get(pk=last)


@transaction.atomic
def leave(staff: Staff, *, by: Staff | None = None) -> None:
    """She leaves the chain. Her families keep her name until they are handed over; what she still
    owed them her store owes from now on."""
    if staff.is_active:
        staff.leave()
        record(StaffLeft(staff=staff.pk, store=staff.store_id), by=by)


def take_effect(limit: int = BATCH) -> int:
    """Pass on the families whose day is over; how many. Any number of loops may do this at once."""
    with transaction.atomic():
        due = HandoverItem.objects.filter(status=WAITING, handover__takes_effect_at__lte=now())
        due = due.select_related("handover__to_guide", "household")
        items = list(due.select_for_update(of=("self",), skip_locked=True).order_by("pk")[:limit])
        by_heir: dict[Staff, list[HandoverItem]] = defaultdict(list)
        for item in items:
            by_heir[item.handover.to_guide].append(item)
        for heir, theirs in by_heir.items():
            give = _give if heir.is_active and heir.store_id else _keep
            give(theirs, heir)
    return len(items)


def _give(items: Sequence[HandoverItem], heir: Staff) -> None:
    """Also to another store, if that is where she works: she must be able to see them."""
    homes = [item.household for item in items]
    ids = [home.pk for home in homes]
    HandoverItem.objects.filter(pk__in=[item.pk for item in items]).update(status=DONE)
    Household.objects.filter(pk__in=ids).update(home_guide=heir, store_id=heir.store_id)
    searching.follow(ids)
    assert heir.store_id
    record_many(
        [
            GuideChanged(
                household=home.pk, store=heir.store_id, was=home.home_guide_id, becomes=heir.pk
            )
            for home in homes
        ],
        by=items[0].handover.by,
    )


def _keep(items: Sequence[HandoverItem], heir: Staff) -> None:
    """Who was to take them has left as well: they stay, to be passed on to somebody else."""
    kept = HandoverItem.objects.filter(pk__in=[item.pk for item in items])
    kept.update(status=HandoverItem.Status.REFUSED, refused_for=_("The colleague has left too."))


def _passed_on_often(families: Sequence[int]) -> set[int]:
    lately = HandoverItem.objects.filter(
        household__in=families, status=DONE, handover__takes_effect_at__gt=now() - OFTEN
    )
    often = lately.values("household").annotate(times=Count("pk")).filter(times__gte=OFTEN_MAX)
    return set(often.values_list("household", flat=True))


def _batches(families: Sequence[int]) -> Iterable[Sequence[int]]:
    return (families[n : n + BATCH] for n in range(0, len(families), BATCH))


def _batch(from_guide: Staff, to_guide: Staff, by: Staff, families: Sequence[int]) -> Handover:
    handover = Handover.objects.create(
        from_guide=from_guide, to_guide=to_guide, by=by, takes_effect_at=now() + TIME_TO_REFUSE
    )
    HandoverItem.objects.bulk_create(
        HandoverItem(handover=handover, household_id=family) for family in families
    )
    return handover
