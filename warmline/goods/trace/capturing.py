"""Capture: a document's events become rows, edges and states, all of them or exactly those told.

One document is one transaction and a fixed number of statements, however many events it holds: all
that it must know is asked first, and all that it leaves is written by one request. With
`rollback` one bad event refuses all; with `proceed` the job lists what was not taken and why. An
event that was here already has no second effect; the same name for something else is an error.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.recording import record
from warmline.goods.trace import copying, knowing, mastering, naming, numbers, packing, states
from warmline.goods.trace.copying import NULL
from warmline.goods.trace.epcis.documents import Document, Invalid, Wrong
from warmline.goods.trace.epcis.hashing import event_hash, namespaces
from warmline.goods.trace.epcis.words import NAMESPACES
from warmline.goods.trace.identity.keys import hash_of
from warmline.goods.trace.models import CaptureJob, Edge, ErrorDeclaration
from warmline.goods.trace.models.events import Event, Role
from warmline.goods.trace.packing import Move
from warmline.goods.trace.pressing import TOGETHER, press
from warmline.goods.trace.reading import told
from warmline.goods.trace.shredding import Shred, shred
from warmline.goods.trace.signals import EventsCaptured

SQL = Path(__file__).parent / "sql"
TRIES = 20
FIRST_COME = frozenset({"trace_eventkey", "trace_foreigncode"})
EVENT_COLUMNS = (
    "id job_id event_time read_point biz_location biz_step disposition ordinal offset_min sort"
    " action facts"
)
KIND_COLUMNS = "kind_id event_id ordinal role event_time quantity uom"
NAMED_COLUMNS = "unit_id event_time event_id place_id party_id biz_step disposition role action"


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
    document: Document
    errors: list[dict[str, Any]]
    is_news: bool
    shreds: list[Shred] = field(default_factory=list)
    repeated: list[Shred] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)  # ours, and those numbered before
    fresh: list[int] = field(default_factory=list)  # numbers for codes that nobody ever named


NOBODY = From()


def capture(document: Document, *, proceed: bool = False, by: From = NOBODY) -> CaptureJob:
    """Take the document in; the job says what became of it."""
    job = _job(by, header=document.header or None)
    if proceed:
        job.behaviour = CaptureJob.Behaviour.PROCEED
    work = _bring_in(document, job)
    if not work.shreds:
        job.is_success, job.errors = not work.errors, work.errors
        job.events, job.repeated, job.finished_at = 0, len(work.repeated), now()
        job.save(force_insert=True)
    return job


def capture_one(document: Document, *, by: From = NOBODY) -> Shred | None:
    """A single event, told at once: None if an event of this name is here already."""
    job = _job(by)
    work = _bring_in(document, job)
    if work.errors:
        raise Invalid([Wrong(error["detail"], 0) for error in work.errors])
    return work.shreds[0] if work.shreds else None


def _job(by: From, header: Any = None) -> CaptureJob:
    return CaptureJob(token_id=by.token, staff_id=by.staff, header=header)


def _bring_in(document: Document, job: CaptureJob) -> Work:
    """All of it, or nothing; again where somebody else told of the same things just now: what they
    told holds by then."""
    shreds, errors = _shredded(document)
    for tried in range(TRIES):
        # The first time it is taken for granted that nobody told of any of it: the index of names
        # is as large as all that was ever told, and looking into it twice costs more than all else.
        work = Work(job, document, errors.copy(), is_news=not tried)
        job._state.adding = True
        try:
            with transaction.atomic():
                _take_in(work, shreds)
        except Refused:
            work.shreds, work.repeated = [], []
        except IntegrityError as error:
            if tried == TRIES - 1 or not _was_told_meanwhile(error):
                raise
            continue
        return work
    raise AssertionError  # the last try returned or raised


def _was_told_meanwhile(error: IntegrityError) -> bool:
    said = getattr(error.__cause__, "diag", None)
    return said is not None and said.table_name in FIRST_COME


def _take_in(work: Work, shreds: list[Shred]) -> None:
    for uri in mastering.learn(work.document.header):
        said = _("This is no key: %(uri)s") % {"uri": uri[:120]}
        work.errors.append(_error("ValidationException", 400, said, None))
    work.shreds = _new_ones(work, shreds)
    if work.errors and work.job.behaviour == CaptureJob.Behaviour.ROLLBACK:
        raise Refused
    if not work.shreds:
        return
    _store(work)
    record(EventsCaptured(job=work.job.pk, first=work.shreds[0].id, last=work.shreds[-1].id))


def _shredded(document: Document) -> tuple[list[Shred], list[dict[str, Any]]]:
    errors = [_error("ValidationException", 400, w.detail, w.index) for w in document.wrong]
    names = namespaces(document.context, NAMESPACES)
    shreds = []
    for place, event in document.events:
        try:
            shreds.append(shred(place, event, names, document.ignored))
        except (ValueError, OverflowError) as error:
            errors.append(_error("ValidationException", 400, str(error)[:200], place))
    return shreds, errors


def _new_ones(work: Work, shreds: list[Shred]) -> list[Shred]:
    """Those whose name nobody used; of two alike in one document the first."""
    first: dict[str, Shred] = {}
    twins = []
    for one in shreds:
        if (twin := first.setdefault(one.hash, one)) is not one:
            twins.append((one, twin))
    work.is_news = (
        work.is_news and not twins and not work.errors
    )  # a refusal says all that is wrong
    known = _open(work, first)
    for one, twin in twins:
        _repeat(work, one, twin.event)
    if known:
        before = told(known.values())
        for one in [one for one in first.values() if one.hash in known]:
            event, context = before.get(known[one.hash], (None, ()))
            _repeat(work, one, event, context)
    return [one for one in first.values() if one.hash not in known]


def _open(work: Work, first: dict[str, Shred]) -> dict[str, int]:
    """What must be known before anything is written, by one question. The events that somebody told
    already."""
    keys = {uri: key for s in first.values() for uri, key in s.keys.items()}
    work.units = knowing.own(keys.values())
    codes = [uri for uri in keys if uri not in work.units]
    hashes, count = [*first], 1 + len(first)
    answers = sql.run(
        SQL / "opening.sql",
        {
            "blocks": numbers.blocks_of(count),
            "foreign_blocks": numbers.blocks_of(len(codes)),
            "hashes": copying.array(() if work.is_news else hashes),
            "codes": copying.array(map(hash_of, codes)),
        },
    )
    steps: tuple[list[int], list[int]] = [], []
    known: dict[str, int] = {}
    for what, place, number in answers:
        if what < 2:
            steps[what].append(number)
        elif what == 2:
            known[hashes[place - 1]] = number
        else:
            work.units[codes[place - 1]] = number
    work.job.pk, *ids = numbers.ids_of(steps[0], count)
    for one, number in zip(first.values(), ids, strict=True):
        one.id = number
    work.fresh = numbers.foreign_of(steps[1], len(codes))
    return known


def _repeat(work: Work, one: Shred, before: Any, context: Any = None) -> None:
    """The same event again is no second one; another one of the same name is a mistake."""
    mine, ignored = namespaces(work.document.context, NAMESPACES), work.document.ignored
    theirs = mine if context is None else namespaces(context, NAMESPACES)
    known = None if before is None else event_hash(before, theirs, ignored)
    if known == event_hash(one.event, mine, ignored):
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
    """Everything by one request, in one order for all: names, then events, codes and things."""
    job, shreds = work.job, work.shreds
    words = naming.words({x for s in shreds for x in (s.step, s.disposition) if x})
    places = naming.places({x for s in shreds for x in (s.read_point, s.biz_location) if x})
    parties = naming.parties({s.party for s in shreds if s.party})
    kinds = naming.kinds([key for s in shreds for key, *_more in s.kinds])
    units, codes = work.units, _codes(work)
    fresh = {unit for _hash, _uri, unit in codes}
    foreseen = states.foresee(shreds, units, fresh, words=words, places=places, parties=parties)
    job.events, job.repeated = len(shreds), len(work.repeated)
    job.errors, job.is_success = work.errors, not work.errors
    job.finished_at = now()
    copying.copy_all(
        [
            ("trace_eventkey", "hash event_id", _keys(shreds)),
            ("trace_foreigncode", "hash uri unit_id", copying.lines(codes)),
            ("trace_document", "job_id chunk context body", copying.lines(_words(work))),
            ("trace_event", EVENT_COLUMNS, _event_lines(shreds, job.pk, words, places)),
            ("trace_kindevent", KIND_COLUMNS, copying.lines(_kind_rows(shreds, kinds))),
            ("trace_unitevent", NAMED_COLUMNS, _unit_lines(shreds, units, words, places, parties)),
            ("trace_unit", states.UNIT_COLUMNS, "".join(foreseen.fresh)),
            ("trace_capturejob", *_job_line(job)),
        ]
    )
    job._state.adding = False
    states.settle(foreseen, shreds, units, words)
    if moves := _moves(shreds, units, places, parties):
        changed, wrong = packing.apply(moves)
        packing.set_parents(changed)
        states.tell(wrong)
    if declared := [s for s in shreds if s.is_error]:
        _note_declarations(declared)


def _codes(work: Work) -> list[tuple[str, str, int]]:
    """Codes of others that nobody ever named, with their numbers, in the order of the index."""
    uris = dict.fromkeys(uri for s in work.shreds for uri in s.keys if uri not in work.units)
    numbered = dict(zip(uris, work.fresh, strict=False))
    work.units |= numbered
    return sorted((hash_of(uri), uri, unit) for uri, unit in numbered.items())


def _keys(shreds: list[Shred]) -> str:
    return "".join(
        [f"{hash}\t{number}\n" for hash, number in sorted((s.hash, s.id) for s in shreds)]
    )


def _words(work: Work) -> list[tuple[Any, ...]]:
    events = [s.event for s in work.shreds]
    if any("recordTime" in event for event in events):  # ours counts (M5)
        events = [{k: v for k, v in e.items() if k != "recordTime"} for e in events]
    rows = []
    for n in range(0, len(events), TOGETHER):
        context = json.dumps(work.document.context, ensure_ascii=False) if n == 0 else None
        rows.append((work.job.pk, n // TOGETHER, context, press(events[n : n + TOGETHER])))
    return rows


def _event_lines(
    shreds: list[Shred], job: int, words: dict[str, int], places: dict[str, int]
) -> str:
    cell, none = copying.cell, NULL
    return "".join(
        [
            f"{s.id}\t{job}\t{s.moment}\t{places.get(s.read_point, none)}"
            f"\t{places.get(s.biz_location, none)}\t{words.get(s.step, none)}"
            f"\t{words.get(s.disposition, none)}\t{n}\t{s.offset_min}\t{s.sort}\t{s.action}"
            f"\t{cell(s.facts) if s.facts else none}\n"
            for n, s in enumerate(shreds)
        ]
    )


def _kind_rows(shreds: list[Shred], kinds: dict[str, int]) -> list[tuple[Any, ...]]:
    return [
        (kinds[key.uri], s.id, n, role, s.at, quantity, uom)
        for s in shreds
        for n, (key, role, quantity, uom) in enumerate(s.kinds)
    ]


def _job_line(job: CaptureJob) -> tuple[str, str]:
    fields = job._meta.concrete_fields
    values = [getattr(job, field.attname) for field in fields]
    return " ".join(field.attname for field in fields), copying.lines([values])


def _place(s: Shred, places: dict[str, int]) -> int | None:
    return places.get(s.biz_location) or places.get(s.read_point)


def _unit_lines(
    shreds: list[Shred],
    units: dict[str, int],
    words: dict[str, int],
    places: dict[str, int],
    parties: dict[str, int],
) -> str:
    """The rows by which an event is found again from each thing that it names."""
    none, rows = NULL, []
    for s in shreds:
        tail = (
            f"{s.moment}\t{s.id}\t{_place(s, places) or none}\t{parties.get(s.party, none)}"
            f"\t{words.get(s.step, none)}\t{words.get(s.disposition, none)}"
        )
        empties = s.action == Event.Action.DELETE and _is_packing(s) and not _named_children(s)
        for uri, role in s.units.items():
            said = role | Role.EMPTIED if empties and role & Role.PARENT else role
            rows.append(f"{units[uri]}\t{tail}\t{said:d}\t{s.action}\n")
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
