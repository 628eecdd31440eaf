"""Progress: what a family follows on one page. Said in their words, without anybody's data."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from warmline.service.desk.labels import FOR_THE_FAMILY, HAPPENED, NEXT_STEP
from warmline.service.desk.masking import masked
from warmline.service.desk.models import Case, CaseEvent, Channel, Photo
from warmline.service.desk.reviewing import rated


@dataclass(frozen=True)
class Step:
    """One line of what happened: when, what, in which words, by whom (never by which family)."""

    at: datetime
    kind: str
    what: Any
    words: str
    who: str  # a colleague's name; empty: the family, or nobody
    is_ours: bool
    next_at: datetime | None
    photos: Sequence[Photo]


@dataclass(frozen=True)
class Progress:
    case: Case
    label: Any
    steps: Sequence[Step]  # the latest first
    who: str  # whom to ask for
    where: str  # and where she works
    next_step: Any  # what is done next, and until when
    next_at: datetime | None
    score: int | None

    @property
    def is_late(self) -> bool:
        """The time has passed, and whoever manages the store has heard of it."""
        return self.case.is_late and self.case.rung > 1 and self.next_at is not None

    @property
    def may_rate(self) -> bool:
        return self.case.finished_at is not None and self.score is None

    @property
    def may_say_not_solved(self) -> bool:
        return self.case.finished_at is not None


THEIRS = {"opened", "said", "reopened", "rated"}
LINES_MAX = 200


NOT_HERE = _("Something was written to us from this number, and we have it.")


def photos_of(case: Case) -> QuerySet[Photo]:
    """The photos that its page shows."""
    if case.channel != Channel.WEB:
        return case.photos.all()
    found = case.events.filter(kind="said", body__is_found=True)
    return case.photos.exclude(
        arrival__in=[body["arrival"] for body in found.values_list("body", flat=True)]
    )


def _is_not_here(case: Case, event: CaseEvent) -> bool:
    """The store's page gives the link to whoever types a number. What the number itself says later,
    by another way, is for us and not for them."""
    return case.channel == Channel.WEB and bool(event.body.get("is_found"))


def progress(case: Case) -> Progress:
    shown = case.events.filter(is_shown=True).select_related("by").order_by("-seq")[:LINES_MAX]
    by_arrival: dict[int, list[Photo]] = {}
    for photo in photos_of(case).defer("sealed").order_by("pk"):
        by_arrival.setdefault(photo.arrival_id or 0, []).append(photo)
    first = case.arrivals.filter(opened=True).values_list("pk", flat=True).first()
    steps = [_step(case, event, by_arrival, first) for event in shown]
    return Progress(
        case=case,
        label=FOR_THE_FAMILY[case.state],
        steps=steps,
        who=case.owner.name if case.owner else "",
        where=str(case.owner.store or case.store) if case.owner else str(case.store),
        next_step=NEXT_STEP.get(case.state, ""),
        next_at=None if case.closed_at else case.answer_by or case.promise_by,
        score=rated(case),
    )


def _step(case: Case, event: CaseEvent, photos: dict[int, list[Photo]], first: int | None) -> Step:
    is_ours = event.kind not in THEIRS or (event.kind == "reopened" and event.by_id is not None)
    arrival = event.body.get("arrival") or (first if event.kind == "opened" else None)
    next_at = event.body.get("next_at")
    words = masked(event.words) if event.kind not in ("taken", "accepted") else ""
    return Step(
        at=event.at,
        kind=event.kind,
        what=HAPPENED.get(event.kind, ""),
        words=str(NOT_HERE) if _is_not_here(case, event) else words,
        who=event.by.name if event.by and is_ours else "",
        is_ours=is_ours,
        next_at=datetime.fromisoformat(next_at) if next_at else None,
        photos=photos.get(arrival, []) if arrival else [],
    )
