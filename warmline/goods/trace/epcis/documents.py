"""Documents as they come: read within limits, held against the schema and the rules, taken apart.

A document is one of three: an EPCISDocument, an EPCISQueryDocument, or a bare event. With `proceed`
each event is judged for itself, so that a bad one holds up none of the others.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.utils.translation import gettext as _
from jsonschema_rs import Draft7Validator

from warmline.goods.trace.epcis import words
from warmline.goods.trace.epcis.rules import findings

EVENT_TYPES = frozenset(
    "ObjectEvent AggregationEvent TransactionEvent TransformationEvent AssociationEvent".split()
)
EVENTS_MAX = 1_000
BYTES_MAX = 5 * 2**20
WHY_MAX = 400
Json = dict[str, Any]


class Invalid(Exception):
    """The document cannot be taken: a ValidationException with what is wrong and where."""

    def __init__(self, errors: "list[Wrong]") -> None:
        super().__init__("; ".join(error.detail for error in errors[:3]))
        self.errors = errors


class TooMany(Exception):
    """More events than one call may bring."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with one event (`index`), or with the whole document (None)."""

    detail: str
    index: int | None = None


@dataclass(slots=True)
class Document:
    """Events ready to be captured, with the names that their extensions use."""

    events: list[tuple[int, Json]]
    context: Any
    ignored: list[str] = field(default_factory=list)
    header: Json = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)


@cache
def _whole() -> Draft7Validator:
    return Draft7Validator(words.schema(), validate_formats=True)


def loads(body: bytes) -> Any:
    """JSON that PostgreSQL can keep: no NUL, no half characters, no numbers that are none."""
    if b"\0" in body or b"\\u0000" in body:
        raise Invalid([Wrong(_("The document holds a NUL character."))])
    try:
        said = json.loads(body.decode("utf-8-sig"), parse_constant=_no_number)
        if b"\\u" in body:  # half a character can only come spelt out
            json.dumps(said, ensure_ascii=False).encode()
        return said
    except (ValueError, RecursionError) as error:
        why = str(error) if isinstance(error, ValueError) else _("It is nested too deeply.")
        raise Invalid([Wrong(_("This is not JSON: %(why)s") % {"why": why[:WHY_MAX]})]) from None


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is no number")


def read(body: bytes, *, proceed: bool = False) -> Document:
    """The document in these bytes; raises `Invalid` or `TooMany`."""
    return of(loads(body), proceed=proceed)


def of(said: Any, *, proceed: bool = False) -> Document:
    if not isinstance(said, dict):
        raise Invalid([Wrong(_("A document is a JSON object."))])
    events = events_of(said)
    if events is not None and len(events) > EVENTS_MAX:
        raise TooMany(len(events))
    errors = _schema_errors(said)
    is_plain = said.get("type") == "EPCISDocument" and isinstance(said.get("epcisBody"), dict)
    if errors and not (proceed and is_plain):
        raise Invalid(errors)
    if events is None:  # a bare event
        bare = {k: v for k, v in said.items() if k != "@context"}
        document = Document([(0, bare)], said.get("@context", ()))
    elif errors:
        document = _one_by_one(said, events)
    else:
        document = Document(list(enumerate(events)), said.get("@context", ()))
        document.header = said.get("epcisHeader", {})
    document.ignored = _ignored(said)
    _check_rules(document)
    if document.wrong and not proceed:
        raise Invalid(document.wrong)
    return document


def events_of(said: Json) -> list[Any] | None:
    """The list of events of a document, or None for a bare event."""
    body = said.get("epcisBody")
    if said.get("type") not in ("EPCISDocument", "EPCISQueryDocument"):
        return None
    if not isinstance(body, dict):
        return []
    results = body.get("queryResults")
    if isinstance(results, dict):
        body = results.get("resultsBody", {})
    listed = body.get("eventList", []) if isinstance(body, dict) else []
    return listed if isinstance(listed, list) else []


def _schema_errors(said: Json) -> list[Wrong]:
    try:
        if _whole().is_valid(said):
            return []
        errors = []
        for error in _whole().iter_errors(said):
            place = [str(step) for step in error.instance_path]
            at = f"{'/'.join(place)}: " if place else ""
            index = int(place[2]) if place[:2] == ["epcisBody", "eventList"] and place[2:] else None
            errors.append(Wrong(at + str(error.message)[:WHY_MAX], index))
            if len(errors) >= 20:
                break
        return errors
    except (ValueError, RecursionError, UnicodeEncodeError) as error:
        return [Wrong(str(error)[:WHY_MAX] or _("It is nested too deeply."))]


def _one_by_one(said: Json, events: list[Any]) -> Document:
    """The events that are right, each judged as if it had come alone."""
    empty = {**said, "epcisBody": {**said["epcisBody"], "eventList": []}}
    if errors := _schema_errors(empty):
        raise Invalid(errors)
    document = Document([], said.get("@context", ()), header=said.get("epcisHeader", {}))
    for place, event in enumerate(events):
        alone = {**said, "epcisBody": {"eventList": [event]}}
        if errors := _schema_errors(alone):
            document.wrong.append(Wrong(errors[0].detail, place))
        else:
            document.events.append((place, event))
    return document


def _check_rules(document: Document) -> None:
    kept = []
    for place, event in document.events:
        found = findings(event)
        if not found:
            kept.append((place, event))
            continue
        refusing = [f for f in found if f.refuses]
        if refusing:
            document.wrong += [Wrong(f.sentence(), place) for f in refusing]
            continue
        kept.append((place, event))
        document.notes += [(place, f.rule) for f in found]
    document.events = kept


def _ignored(said: Mapping[str, Any]) -> list[str]:
    """Fields that another repository added of its own: they are no part of the fingerprint."""
    results = (said.get("epcisBody") or {}).get("queryResults") or {}
    found: list[str] = []
    for holder in (said, results):
        for name, value in holder.items():
            if name.endswith(":ignoreFields") and isinstance(value, list):
                found += [v for v in value if isinstance(v, str)]
    return found
