"""One event taken apart: what goes into columns, what is named by it, and what can be asked of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from warmline.goods.trace.epcis.hashing import Namespaces, fingerprint, namespaces
from warmline.goods.trace.epcis.words import NAMESPACES, full
from warmline.goods.trace.identity.keys import BadKey, Key, hash_of, parse
from warmline.goods.trace.models import Event
from warmline.goods.trace.models.events import Role

SORTS = {sort.label: sort.value for sort in Event.Sort}
ACTIONS = {action.label: action.value for action in Event.Action}
UNITS = {
    "epcList": int(Role.EPC),
    "childEPCs": int(Role.CHILD),
    "inputEPCList": int(Role.INPUT),
    "outputEPCList": int(Role.OUTPUT),
}
KINDS = {
    "quantityList": int(Role.EPC),
    "childQuantityList": int(Role.CHILD),
    "inputQuantityList": int(Role.INPUT),
    "outputQuantityList": int(Role.OUTPUT),
}
STANDARD = frozenset(
    "type @context isA eventID eventTime eventTimeZoneOffset recordTime errorDeclaration"
    " certificationInfo epcList parentID childEPCs inputEPCList outputEPCList quantityList"
    " childQuantityList inputQuantityList outputQuantityList action transformationID bizStep"
    " disposition persistentDisposition readPoint bizLocation bizTransactionList sourceList"
    " destinationList sensorElementList ilmd".split()
)
VALUE_MAX = 500
RECALLED = full("recalled", "disposition")


@dataclass(slots=True)
class Shred:
    """An event with its parts by name; `naming` and `knowing` turn the names into numbers."""

    place: int  # in the document
    event: Mapping[str, Any]
    name: str  # its eventID: given, or its fingerprint
    hash: str
    at: datetime
    moment: str  # the same, as PostgreSQL reads it
    offset_min: int
    sort: int
    action: int
    step: str = ""
    disposition: str = ""
    read_point: str = ""
    biz_location: str = ""
    party: str = ""
    units: dict[str, int] = field(default_factory=dict)  # uri -> roles
    keys: dict[str, Key] = field(default_factory=dict)
    parent: str = ""
    kinds: list[tuple[Key, int, float | None, str]] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    is_error: bool = False
    id: int = 0

    @property
    def roles(self) -> set[int]:
        return set(self.units.values())


def shred(
    place: int, event: Mapping[str, Any], names: Namespaces, ignored: Iterable[str] = ()
) -> Shred:
    """Take a valid event apart; raises ValueError where a time is none."""
    name = event.get("eventID") or fingerprint(event, names, ignored)
    declared = event.get("errorDeclaration")
    known_as = f"{name}!{declared.get('declarationTime')}" if declared else name
    at = _at(event["eventTime"])
    result = Shred(
        place=place,
        event=event,
        name=name,
        hash=hash_of(known_as),
        at=at,
        moment=at.isoformat(),
        offset_min=_minutes(event["eventTimeZoneOffset"]),
        sort=SORTS.get(event["type"], 0),
        action=ACTIONS.get(event.get("action", ""), 0),
        is_error=bool(declared),
    )
    if step := event.get("bizStep"):
        result.step = full(step, "bizStep")
    if disposition := event.get("disposition"):
        result.disposition = full(disposition, "disposition")
    if point := event.get("readPoint"):
        result.read_point = parse(point["id"]).uri
    if location := event.get("bizLocation"):
        result.biz_location = parse(location["id"]).uri
    _name_things(result)
    _facts(result, names)
    result.party = _holder(result)
    return result


@lru_cache(maxsize=1_024)
def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@lru_cache(maxsize=256)
def _minutes(offset: str) -> int:
    minutes = int(offset[1:3]) * 60 + int(offset[4:6])
    return -minutes if offset[0] == "-" else minutes


def _name_things(result: Shred) -> None:
    event = result.event
    for name, value in event.items():
        if role := UNITS.get(name):
            for uri in value:
                _add_unit(result, uri, role)
        elif role := KINDS.get(name):
            for element in value:
                key = parse(element["epcClass"])
                result.kinds.append((key, role, element.get("quantity"), element.get("uom", "")))
    if parent := event.get("parentID"):
        result.parent = _add_unit(result, parent, Role.PARENT)


def _add_unit(result: Shred, uri: str, role: int) -> str:
    key = parse(uri)
    result.keys[key.uri] = key
    result.units[key.uri] = result.units.get(key.uri, 0) | role
    return key.uri


def _facts(result: Shred, names: Namespaces) -> None:
    event, facts = result.event, result.facts
    if not result.sort:
        facts["type"] = event["type"]  # an event type of somebody's own
    for name, what, kind in (
        ("bizTransactionList", "bizTransaction", "bizTransactionType"),
        ("sourceList", "source", "sourceType"),
        ("destinationList", "destination", "sourceType"),
    ):
        for element in event.get(name, ()):
            sort = full(element.get("type", ""), kind)
            facts.setdefault(what, {}).setdefault(sort, []).append(canonical(element[what]))
    if lasting := event.get("persistentDisposition"):
        for which in ("set", "unset"):
            if words := lasting.get(which):
                facts[which] = [full(word, which) for word in words]
    if "transformationID" in event:
        facts["transformationID"] = canonical(event["transformationID"])
    if declared := event.get("errorDeclaration"):
        said = {
            "time": _utc(declared["declarationTime"]),
            "why": full(declared.get("reason", ""), "reason"),
        }
        facts["error"] = said | {"fixed": declared.get("correctiveEventIDs", [])}
        _free(facts, "error_ext", _extensions(declared), names)
    if ilmd := event.get("ilmd"):
        _free(facts, "ilmd", ilmd.items(), names)
    if event.keys() - STANDARD:
        more = [(k, v) for k, v in event.items() if k not in STANDARD]
        _free(facts, "ext", more, namespaces(event.get("@context"), names))


def _extensions(holder: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((k, v) for k, v in holder.items() if ":" in k)


def _utc(text: str) -> str:
    return datetime.fromisoformat(text).astimezone(UTC).isoformat(timespec="milliseconds")


def canonical(uri: str) -> str:
    """A key in its one spelling, anything else as it is."""
    try:
        return parse(uri).uri
    except BadKey:
        return uri


def _free(
    facts: dict[str, Any], family: str, fields: Iterable[tuple[str, Any]], names: Namespaces
) -> None:
    """Extension fields by name: at the top, and (`…_inner`) anywhere below."""
    for name, value in fields:
        _collect(facts, family, name, value, names)


def _collect(facts: dict[str, Any], family: str, name: str, value: Any, names: Namespaces) -> None:
    below = family if family.endswith("_inner") else f"{family}_inner"
    if isinstance(value, Mapping):
        _mention(facts, family, name, None, names)
        for inner, more in value.items():
            _collect(facts, below, inner, more, names)
    elif isinstance(value, list):
        for one in value:
            _collect(facts, family, name, one, names)
    else:
        _mention(facts, family, name, value, names)


def _mention(facts: dict[str, Any], family: str, name: str, value: Any, names: Namespaces) -> None:
    for spelt in spellings(name, names):
        values = facts.setdefault(family, {}).setdefault(spelt, [])
        if value is not None:
            values.append(as_text(value)[:VALUE_MAX])


def as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def spellings(name: str, names: Namespaces) -> list[str]:
    """A field as it was written, and with its namespace in full."""
    prefix, colon, rest = name.partition(":")
    if colon and prefix in names and NAMESPACES.get(prefix) != names[prefix]:
        return [name, names[prefix] + rest]
    return [name]


def _holder(result: Shred) -> str:
    """Who has the goods now, if the event says so: the receiver once received, else the sender."""
    parties = result.facts.get("destination", {}) if _arrives(result) else {}
    parties = parties or result.facts.get("source", {})
    for sort in ("possessing_party", "owning_party"):
        if found := parties.get(full(sort, "sourceType")):
            return str(found[0])
    return ""


def _arrives(result: Shred) -> bool:
    return result.step.endswith(
        ("-receiving", "-accepting", "-storing", "-stocking", "-retail_selling")
    )
