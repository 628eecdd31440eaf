"""Asking: what families do themselves, on a store's page or on their case's page."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.core.people.models import Store
from warmline.service.desk import picturing, reviewing
from warmline.service.desk.limiting import (
    ADDING_TO_ONE_CASE,
    ASKING_FROM_ONE_PLACE,
    ASKING_OF_ONE_NUMBER,
    knock,
)
from warmline.service.desk.models import Case, CaseEvent, Channel
from warmline.service.desk.noting import note
from warmline.service.desk.receiving import Asker, Received, receive

Drawn = Sequence[tuple[bytes, int, int]]


class TooOften(Exception):
    """They wrote very often in a short time. What they wrote before is safe with us."""


def ask(
    store: Store,
    *,
    asker: Asker,
    words: str,
    kind: str,
    key: str,
    place: str,
    photos: Drawn = (),
) -> Received:
    """Somebody asks on the store's page. `place` is the address they write from."""
    words = _said(words, photos)
    if not knock(ASKING_FROM_ONE_PLACE, place) or not knock(ASKING_OF_ONE_NUMBER, asker.phone):
        raise TooOften
    note(Channel.WEB, key, store=store)
    with transaction.atomic():
        received = receive(
            channel=Channel.WEB, words=words, asker=asker, store=store, kind=kind, key=key
        )
        if not received.is_replay:
            picturing.keep(received.case, photos, arrival=received.arrival)
    return received


def add(case: Case, *, words: str, key: str, photos: Drawn = ()) -> Received:
    """They add to their case on its page."""
    words = _said(words, photos)
    if not knock(ADDING_TO_ONE_CASE, str(case.pk)):
        raise TooOften
    note(Channel.WEB, key, store=case.store)
    with transaction.atomic():
        received = receive(
            channel=Channel.WEB, words=words, asker=_themselves(case), case=case, key=key
        )
        if not received.is_replay:
            picturing.keep(received.case, photos, arrival=received.arrival)
    return received


def not_solved(case: Case, *, words: str, key: str) -> Received:
    """They say that it is not solved: it is open again, with a new answer and a new end."""
    if not knock(ADDING_TO_ONE_CASE, str(case.pk)):
        raise TooOften
    words = words.strip() or _("Not solved")
    note(Channel.WEB, key, store=case.store)
    with transaction.atomic():
        received = receive(
            channel=Channel.WEB, words=words, asker=_themselves(case), case=case, key=key
        )
        case.refresh_from_db()
        if not received.is_replay and case.finished_at:
            reviewing.reopen(case, words=words, by=None)
    return received


def rate(case: Case, score: int) -> CaseEvent:
    """One question at the end."""
    return reviewing.rate(case, score)


def _themselves(case: Case) -> Asker:
    return Asker(
        name=case.name,
        from_whom=case.from_whom,
        household=case.household,
        member=case.member,
    )


def _said(words: str, photos: Drawn) -> str:
    words = words.strip()
    if not words and not photos:
        raise ValidationError({"words": _("Tell us in a few words.")})
    return words or _("(photos)")
