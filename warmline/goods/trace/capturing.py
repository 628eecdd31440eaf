"""Capture: a document's events become rows, edges and states, all of them or exactly those told.

One document is one transaction and a fixed number of statements, however many events it holds. With
`rollback` one bad event refuses all; with `proceed` the job lists what was not taken and why. An
event that was here already has no second effect; the same name for something else is an error.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.goods.trace import copying, knowing, mastering, naming, numbers, packing, states
from warmline.goods.trace.epcis.documents import Document, Invalid, Wrong
from warmline.goods.trace.epcis.hashing import event_hash, namespaces
from warmline.goods.trace.epcis.words import NAMESPACES
from warmline.goods.trace.identity.keys import hash_of
from warmline.goods.trace.models import CaptureJob, Edge, ErrorDeclaration, EventKey
from warmline.goods.trace.models.events import Event, Role
from warmline.goods.trace.packing import Move
from warmline.goods.trace.pressing import TOGETHER, press
from warmline.goods.trace.reading import told
from warmline.goods.trace.shredding import Shred, shred
from warmline.goods.trace.signals import EventsCaptured

SQL = Path(__file__).parent / "sql"


class Refused(Exception):
    """Rollback: nothing of the document is kept."""


@dataclass(frozen=True, slots=True)
class From:
    """Who brings it."""

    token: int | None = None
    staff: int | None = None


@dataclass(slots=True)
class Work:
    """A document on its way into the tables."""

    job: CaptureJob
    context: Any
    shreds: list[Shred] = field(default_factory=list)
    errors: list[dict[str, Any]] = field(default_factory=list)
    repeated: list[Shred] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)  # one for each event that was sent


NOBODY = From()


def capture(document: Document, *, proceed: bool = False, by: From = NOBODY) -> CaptureJob:
    """Take the document in; the job says what became of it."""
    number, *ids = numbers.take(1 + len(document.events))
    job = CaptureJob(
        id=number,
        created_at=now(),
        behaviour=CaptureJob.Behaviour.PROCEED if proceed else CaptureJob.Behaviour.ROLLBACK,
        token_id=by.token,
        staff_id=by.staff,
        header=document.header or None,
    )
    work = Work(job, document.context, ignored=document.ignored, ids=ids)
    work.errors = [_error("ValidationException", 400, w.detail, w.index) for w in document.wrong]
    try:
        with transaction.atomic():
            _take_in(work, document)
    except Refused:
        work.shreds, work.repeated = [], []
    job.events, job.repeated = len(work.shreds), len(work.repeated)
    job.errors, job.is_success = work.errors, not work.errors
    job.finished_at = now()
    job.save(force_insert=True)
    return job


def capture_one(document: Document, *, by: From = NOBODY) -> Shred | None:
    """A single event, told at once: None if an event of this name is here already."""
    number, *ids = numbers.take(1 + len(document.events))
    job = CaptureJob(id=number, token_id=by.token, staff_id=by.staff, events=1, finished_at=now())
    work = Work(job, document.context, ignored=document.ignored, ids=ids)
    try:
        with transaction.atomic():
            _take_in(work, document)
            if not work.shreds:
                return None
            job.save(force_insert=True)
    except Refused:
        raise Invalid([Wrong(error["detail"], 0) for error in work.errors]) from None
    return work.shreds[0]


def _take_in(work: Work, document: Document) -> None:
    for uri in mastering.learn(document.header):
        said = _("This is no key: %(uri)s") % {"uri": uri[:120]}
        work.errors.append(_error("ValidationException", 400, said, None))
    shreds = _shredded(work, document)
    work.shreds = _new_ones(work, shreds)
    if work.errors and work.job.behaviour == CaptureJob.Behaviour.ROLLBACK:
        raise Refused
    if not work.shreds:
        return
    _store(work)
    record(EventsCaptured(job=work.job.pk, first=work.shreds[0].id, last=work.shreds[-1].id))


def _shredded(work: Work, document: Document) -> list[Shred]:
    names = namespaces(document.context, NAMESPACES)
    shreds = []
    for place, event in document.events:
        try:
            shreds.append(shred(place, event, names, document.ignored))
        except (ValueError, OverflowError) as error:
            work.errors.append(_error("ValidationException", 400, str(error)[:200], place))
    return shreds


def _new_ones(work: Work, shreds: list[Shred]) -> list[Shred]:
    """Those whose name nobody used; of two alike in one document the first."""
    first: dict[str, Shred] = {}
    for one in shreds:
        if (twin := first.setdefault(one.hash, one)) is not one:
            _repeat(work, one, twin.event)
    for one, number in zip(first.values(), work.ids, strict=False):
        one.id = number
    keys = sorted((one.hash, one.id) for one in first.values())
    params = {
        "hashes": copying.array(h for h, _n in keys),
        "ids": copying.array(n for _h, n in keys),
    }
    taken = {row[0] for row in sql.run(SQL / "event_keys.sql", params)}
    known = [one for one in first.values() if one.id not in taken]
    if known:
        rows = EventKey.objects.filter(hash__in=[one.hash for one in known])
        number_of = {key.hex: number for key, number in rows.values_list("hash", "event_id")}
        before = told(number_of.values())
        for one in known:
            event, context = before.get(number_of[one.hash], (None, ()))
            _repeat(work, one, event, context)
    return [one for one in first.values() if one.id in taken]


def _repeat(work: Work, one: Shred, before: Any, context: Any = None) -> None:
    """The same event again is no second one; another one of the same name is a mistake."""
    mine = namespaces(work.context, NAMESPACES)
    theirs = mine if context is None else namespaces(context, NAMESPACES)
    known = None if before is None else event_hash(before, theirs, work.ignored)
    if known == event_hash(one.event, mine, work.ignored):
        work.repeated.append(one)
        return
    detail = _("Another event has this eventID: %(name)s") % {"name": one.name[:200]}
    work.errors.append(_error("ResourceAlreadyExistsException", 409, detail, one.place))


def _error(kind: str, status: int, detail: str, index: int | None) -> dict[str, Any]:
    said: dict[str, Any] = {
        "type": f"epcisException:{kind}",
        "title": kind,
        "status": status,
        "detail": detail,
    }
    if index is not None:
        said["instance"] = f"eventList/{index}"
    return said


def _store(work: Work) -> None:
    shreds = work.shreds
    words = naming.words({x for s in shreds for x in (s.step, s.disposition) if x})
    places = naming.places({x for s in shreds for x in (s.read_point, s.biz_location) if x})
    parties = naming.parties({s.party for s in shreds if s.party})
    kinds = naming.kinds([key for s in shreds for key, *_more in s.kinds])
    units = knowing.units([key for s in shreds for key in s.keys.values()])
    _keep_words(work)
    _copy_events(shreds, work.job.pk, words, places)
    _copy_kinds(shreds, kinds)
    lines = [
        _unit_lines(
            s, units, words.get(s.step), words.get(s.disposition), _place(s, places), parties
        )
        for s in shreds
    ]
    copying.copy_lines(
        "trace_unitevent",
        "unit_id event_time event_id place_id party_id biz_step disposition role action",
        "".join(lines),
    )
    states.settle(shreds, units, words=words, places=places, parties=parties)
    if moves := _moves(shreds, units, places, parties):
        changed, wrong = packing.apply(moves)
        packing.set_parents(changed)
        states.tell(wrong)
    if declared := [s for s in shreds if s.is_error]:
        _note_declarations(declared)


def _keep_words(work: Work) -> None:
    events = [dict(s.event) for s in work.shreds]
    for event in events:
        event.pop("recordTime", None)  # ours counts (M5)
    rows = []
    for n in range(0, len(events), TOGETHER):
        context = json.dumps(work.context, ensure_ascii=False) if n == 0 else None
        rows.append((work.job.pk, n // TOGETHER, context, press(events[n : n + TOGETHER])))
    copying.copy_rows("trace_document", "job_id chunk context body", rows)
    for n, one in enumerate(work.shreds):
        one.place = n  # from here on: among those that are kept


def _copy_events(
    shreds: list[Shred], job: int, words: dict[str, int], places: dict[str, int]
) -> None:
    cell = copying.cell
    lines = [
        f"{s.id}\t{job}\t{s.moment}\t{cell(places.get(s.read_point))}"
        f"\t{cell(places.get(s.biz_location))}\t{cell(words.get(s.step))}"
        f"\t{cell(words.get(s.disposition))}\t{s.place}\t{s.offset_min}\t{s.sort}\t{s.action}"
        f"\t{cell(s.facts or None)}\n"
        for s in shreds
    ]
    copying.copy_lines(
        "trace_event",
        "id job_id event_time read_point biz_location biz_step disposition ordinal offset_min sort"
        " action facts",
        "".join(lines),
    )


def _copy_kinds(shreds: list[Shred], kinds: dict[str, int]) -> None:
    rows = [
        (kinds[key.uri], s.id, n, role, s.at, quantity, uom)
        for s in shreds
        for n, (key, role, quantity, uom) in enumerate(s.kinds)
    ]
    if rows:
        columns = "kind_id event_id ordinal role event_time quantity uom"
        copying.copy_rows("trace_kindevent", columns, rows)


def _place(s: Shred, places: dict[str, int]) -> int | None:
    return places.get(s.biz_location) or places.get(s.read_point)


def _unit_lines(
    s: Shred,
    units: dict[str, int],
    step: int | None,
    disposition: int | None,
    place: int | None,
    parties: dict[str, int],
) -> str:
    """The rows by which this event is found again from each thing that it names."""
    cell = copying.cell
    tail = "\t".join(
        [
            s.moment,
            str(s.id),
            cell(place),
            cell(parties.get(s.party)),
            cell(step),
            cell(disposition),
        ]
    )
    empties = s.action == Event.Action.DELETE and _is_packing(s) and not _named_children(s)
    rows = []
    for uri, role in s.units.items():
        said = role | Role.EMPTIED if empties and role & Role.PARENT else role
        rows.append(f"{units[uri]}\t{tail}\t{int(said)}\t{s.action}\n")
    return "".join(rows)


def _is_packing(s: Shred) -> bool:
    return s.sort in (Event.Sort.AGGREGATION, Event.Sort.ASSOCIATION)


def _named_children(s: Shred) -> list[str]:
    return [uri for uri, role in s.units.items() if role & Role.CHILD]


def _moves(
    shreds: Iterable[Shred],
    units: dict[str, int],
    places: dict[str, int],
    parties: dict[str, int],
) -> list[Move]:
    moves = []
    for s in shreds:
        if (
            s.is_error
            or not _is_packing(s)
            or s.action not in (Event.Action.ADD, Event.Action.DELETE)
        ):
            continue
        packed = s.sort == Event.Sort.AGGREGATION
        children = [units[uri] for uri in _named_children(s)]
        is_in = s.action == Event.Action.ADD
        if s.parent and (children or not is_in):
            sort = Edge.Sort.PACKED if packed else Edge.Sort.ATTACHED
            where = {"place": _place(s, places), "party": parties.get(s.party)}
            moves.append(Move(units[s.parent], children, s.at, s.id, sort, is_in, **where))
    return moves


def _note_declarations(declared: list[Shred]) -> None:
    """So that whoever asks for an event hears that it was taken back."""
    ErrorDeclaration.objects.bulk_create(
        [ErrorDeclaration(hash=hash_of(s.name), event_id=s.id) for s in declared]
    )
