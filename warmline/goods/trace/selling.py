"""Tins go home with a family, and sometimes come back. A tin is sold once until it returns (G4).

Who has it stands in a table of ours alone. The event that partners may read says that it was sold,
in which shop and under which receipt, and never to whom.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.core.people.models import Child, Household, Staff, Store
from warmline.goods.trace import knowing
from warmline.goods.trace.cities import city_of
from warmline.goods.trace.epcis.documents import Json
from warmline.goods.trace.models import Lot, Party, Place, Unit, UnitOwner
from warmline.goods.trace.own_events import moment, tell
from warmline.goods.trace.signals import UnitRegistered, UnitReturned, UnitSold
from warmline.goods.trace.verdicts import Verdict, Word, verdict

TOLD_LATE = timedelta(minutes=2)
KEPT_BACK = frozenset({Word.RECALLED, Word.HELD, Word.EXPIRED})  # a till that asks does not sell it


def is_past(at: datetime | None) -> bool:
    """Whether it is told so late that the tin has gone home."""
    return at is not None and now() - at > TOLD_LATE


class CannotSell(Exception):
    """This tin may not go home with anybody: `verdict` says why."""

    def __init__(self, why: Verdict) -> None:
        super().__init__(str(why.word))
        self.verdict = why

    @property
    def sentence(self) -> str:
        return self.verdict.sentence


class NotSold(Exception):
    """Nobody has it: nothing can come back."""

    sentence = _("Nobody is known to have bought this.")


def sell(
    unit_id: int,
    *,
    store: Store,
    household: Household | None = None,
    at: datetime | None = None,
    sale_id: int | None = None,
    document_no: str = "",
    by: Staff | None = None,
) -> UnitOwner:
    """The tin goes over the counter; raises `CannotSell` with its reason, and then nothing is kept.

    What is told afterwards (a till or a phone had no network) has gone home already: of a recalled tin
    we keep who has it, so that the family is told.
    """
    at = at or now()
    try:
        with transaction.atomic():
            # Whoever sells the same tin at another till waits here.
            Unit.objects.select_for_update().filter(pk=unit_id).first()
            why = verdict(unit_id)
            if not why.may_be_sold and not (is_past(at) and why.word in KEPT_BACK):
                raise CannotSell(why)
            owner = UnitOwner.objects.create(
                unit_id=unit_id,
                household=household,
                store=store,
                sale_id=sale_id,
                document_no=document_no,
                lot=why.lot,
                sold_at=at,
                by=by,
            )
            _tell(unit_id, store, at, "retail_selling", "retail_sold", document_no, by)
            if household:
                _announce(owner, why.lot)
    except IntegrityError as error:
        raise CannotSell(Verdict(Word.SOLD)) from error
    return owner


def take_back(
    unit_id: int, *, store: Store, at: datetime | None = None, by: Staff | None = None
) -> UnitOwner:
    """The tin came back: it may be sold again, if nothing else forbids it."""
    at = at or now()
    with transaction.atomic():
        owner = (
            UnitOwner.objects.select_for_update()
            .filter(unit_id=unit_id, returned_at__isnull=True)
            .first()
        )
        if owner is None:
            raise NotSold
        owner.returned_at = at
        owner.save(update_fields=["returned_at"])
        _tell(unit_id, store, at, "receiving", "returned", "", by)
        back = UnitReturned(household=owner.household_id or 0, store=store.pk, unit=unit_id)
        record(back, by=by)
    return owner


def register(unit_id: int, *, household: Household, child: Child | None = None) -> UnitOwner:
    """A family says that it has the tin: it is bound to the baby, and feeds the forecast.

    A tin that the till sold to nobody known becomes theirs; one that another family has does not.
    """
    with transaction.atomic():
        owner = (
            UnitOwner.objects.select_for_update()
            .filter(unit_id=unit_id, returned_at__isnull=True)
            .first()
        )
        why = verdict(unit_id)
        if owner is None:
            if not why.may_be_sold:
                raise CannotSell(why)
            owner = UnitOwner(
                unit_id=unit_id,
                household=household,
                store=household.store,
                lot=why.lot,
                sold_at=now(),
            )
        elif owner.household_id not in (None, household.pk):
            raise CannotSell(Verdict(Word.SOLD, why.unit, why.lot))
        is_first = owner.registered_at is None
        owner.household, owner.child = household, child or owner.child
        owner.registered_at = owner.registered_at or now()
        owner.save()
        if is_first:
            product = why.lot.product_id if why.lot else None
            record(
                UnitRegistered(
                    household=household.pk, unit=unit_id, product=product or 0, is_first=True
                )
            )
    return owner


def _announce(owner: UnitOwner, lot: Lot | None) -> None:
    assert owner.household_id is not None
    assert owner.store_id is not None
    record(
        UnitSold(
            household=owner.household_id,
            store=owner.store_id,
            unit=owner.unit_id,
            product=(lot.product_id if lot else None) or 0,
            lot=lot.pk if lot else 0,
        )
    )


def _tell(
    unit_id: int,
    store: Store,
    at: datetime,
    step: str,
    disposition: str,
    document_no: str,
    by: Staff | None,
) -> None:
    """The event that partners may read."""
    event: Json = {
        "type": "ObjectEvent",
        **moment(at, store.zone),
        "epcList": [knowing.names([unit_id])[unit_id]],
        "action": "OBSERVE",
        "bizStep": step,
        "disposition": disposition,
    }
    if place := place_of(store):
        event["readPoint"] = event["bizLocation"] = {"id": place.uri}
    if document_no:
        number = f"urn:warmline:receipt:{store.code}:{document_no}"
        event["bizTransactionList"] = [{"type": "inv", "bizTransaction": number}]
    tell([event], by=by)


def place_of(store: Store) -> Place | None:
    """The shop as a place of events, if head office gave it a GLN; else a name of our own."""
    party = Party.objects.filter(store=store).first()
    if party is None:
        party, _made = Party.objects.get_or_create(
            uri=f"urn:warmline:store:{store.code}",
            defaults={"name": store.name, "sort": Party.Sort.STORE, "store": store},
        )
    place = party.places.order_by("pk").first()
    if place is None:
        uri = f"urn:warmline:store:{store.code}:floor"
        place = Place.objects.create(uri=uri, name=store.name, party=party)
    if not place.city and (city := city_of(store.address)):
        place.city = city
        place.save(update_fields=["city"])
    return place
