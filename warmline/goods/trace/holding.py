"""Holding: while something about a lot is checked, no till sells it and no scan lets it pass unseen. It
holds from this moment on: nothing has to be written on each tin."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.base.composed import composed
from warmline.base.stateful import WrongMove
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.goods.trace.models import Hold, Lot
from warmline.goods.trace.signals import LotHeld, LotReleased

WORDS_MAX = 500


@transaction.atomic
def hold(lot: Lot, *, why: str, by: Staff | None) -> Hold:
    """Nothing of it is sold from now on. A lot that is held already stays held: one hold is enough."""
    why = _said(why)
    lot = Lot.objects.select_for_update().get(pk=lot.pk)
    running = Hold.objects.filter(lot=lot, released_at__isnull=True).first()
    if running:
        return running
    made = Hold.objects.create(lot=lot, why=why, by=by)
    record(LotHeld(hold=made.pk, lot=lot.pk), by=by)
    return made


@transaction.atomic
def release(held: Hold, *, outcome: str, by: Staff | None) -> None:
    """It was nothing, or it is called back: the hold ends, and what came of it is kept."""
    outcome = _said(outcome)
    locked = Hold.objects.select_for_update().get(pk=held.pk)
    if locked.released_at:
        raise WrongMove(locked, was="released", to="released")
    locked.released_at, locked.released_by, locked.outcome = now(), by, outcome
    locked.save(update_fields=["released_at", "released_by", "outcome"])
    record(LotReleased(hold=locked.pk, lot=locked.lot_id), by=by)


def held(lots: Iterable[int]) -> dict[int, int]:
    """The hold of each of these lots, for those that are held."""
    wanted = set(lots)
    return {lot: held for lot, held in _running() if lot in wanted} if wanted else {}


@composed
def _running() -> QuerySet[Hold, tuple[int, int]]:
    """Few at any time: every page of a tin asks."""
    return Hold.objects.filter(released_at__isnull=True).values_list("lot_id", "pk")


def _said(words: str) -> str:
    words = words.strip()[:WORDS_MAX]
    if not words:
        raise ValidationError(_("Say why, in a few words."))
    return words
