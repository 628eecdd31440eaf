"""The fingerprint of an event (CBV 2.0 §8.9): the same event has the same one, however it is spelt.

Names and values in the standard's order, joined without a gap, hashed with SHA-256. Vocabulary words
become addresses, keys canonical links, instants UTC to the millisecond; lists are sorted, extension
names carry their namespace. What the event was called, when it was recorded and that it was an error
are no part of it.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from warmline.goods.trace.epcis.words import NAMESPACES, full
from warmline.goods.trace.identity.keys import BadKey, parse

LEFT_OUT = frozenset({"type", "@context", "isA", "eventID", "recordTime", "errorDeclaration"})
QUANTITY_LISTS = frozenset(
    {"quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList"}
)
EPC_LISTS = frozenset({"epcList", "childEPCs", "inputEPCList", "outputEPCList"})
ORDER = (
    "eventTime eventTimeZoneOffset certificationInfo epcList parentID inputEPCList childEPCs"
    " quantityList childQuantityList inputQuantityList outputEPCList outputQuantityList action"
    " transformationID bizStep disposition persistentDisposition readPoint bizLocation"
    " bizTransactionList destinationList sourceList sensorElementList ilmd"
).split()
METADATA = (
    "time startTime endTime deviceID deviceMetadata rawData dataProcessingMethod bizRules".split()
)
REPORT = (
    "type exception deviceID deviceMetadata rawData dataProcessingMethod time microorganism"
    " chemicalSubstance value component stringValue booleanValue hexBinaryValue uriValue minValue"
    " maxValue meanValue sDev percRank percValue uom coordinateReferenceSystem"
).split()
TIMES = frozenset({"eventTime", "time", "startTime", "endTime"})
KNOWN = LEFT_OUT.union(ORDER)
Namespaces = Mapping[str, str]


def event_hash(event: Mapping[str, Any], context: Any = (), ignored: Iterable[str] = ()) -> str:
    """`ni:///sha-256;…?ver=CBV2.0`"""
    return fingerprint(event, namespaces(context, NAMESPACES), ignored)


def fingerprint(event: Mapping[str, Any], names: Namespaces, ignored: Iterable[str] = ()) -> str:
    """The same for an event of a document whose prefixes are known."""
    text = _pre_hash(event, names, ignored)
    return f"ni:///sha-256;{hashlib.sha256(text.encode()).hexdigest()}?ver=CBV2.0"


def pre_hash(event: Mapping[str, Any], context: Any = (), ignored: Iterable[str] = ()) -> str:
    """The text that is hashed. `ignored`: extension fields that a repository adds of its own."""
    return _pre_hash(event, namespaces(context, NAMESPACES), ignored)


def _pre_hash(event: Mapping[str, Any], names: Namespaces, ignored: Iterable[str]) -> str:
    if "@context" in event:
        names = namespaces(event["@context"], names)
    said = [f"eventType={event['type']}"]
    said += [_field(name, event[name], names) for name in ORDER if name in event]
    if more := event.keys() - KNOWN:
        said += sorted(_free(name, event[name], names) for name in more.difference(ignored))
    return "".join(said)


def namespaces(context: Any, known: Namespaces) -> Namespaces:
    """The prefixes that a context declares, over those known so far."""
    found = dict(known)
    for part in context if isinstance(context, list | tuple) else [context]:
        if isinstance(part, Mapping):
            found |= {k: v for k, v in part.items() if isinstance(v, str) and not k.startswith("@")}
    return found


def _field(name: str, value: Any, names: Namespaces) -> str:
    if say := SAID.get(name):
        return say(name, value, names)
    return f"{name}={_text(value)}"


def _epcs(name: str, value: Any, _names: Namespaces) -> str:
    return _list(name, [f"epc={_uri(v.strip())}" for v in value])


def _quantities(name: str, value: Any, _names: Namespaces) -> str:
    return _list(name, [_quantity(v) for v in value])


def _time(name: str, value: Any, _names: Namespaces) -> str:
    return f"{name}={_instant(value)}"


def _word(name: str, value: Any, _names: Namespaces) -> str:
    return f"{name}={full(value, name)}"


def _plain(name: str, value: Any, _names: Namespaces) -> str:
    return f"{name}={value}"


def _certificates(name: str, value: Any, _names: Namespaces) -> str:
    many = value if isinstance(value, list) else [value]
    return "".join(sorted(f"{name}={_text(v)}" for v in many))


def _lasting(name: str, value: Any, _names: Namespaces) -> str:
    said = [
        "".join(sorted(f"{k}={full(v, k)}" for v in value.get(k, ()))) for k in ("set", "unset")
    ]
    return name + "".join(said) if any(said) else ""


def _place(name: str, value: Any, names: Namespaces) -> str:
    said = f"{name}id={_uri(value['id'].strip())}"
    if len(value) == 1:
        return said
    return said + "".join(sorted(_free(k, v, names) for k, v in value.items() if k != "id"))


def _papers(name: str, value: Any, _names: Namespaces) -> str:
    return _list(name, [_typed(v, "bizTransaction", "bizTransactionType") for v in value])


def _ends(name: str, value: Any, _names: Namespaces) -> str:
    return _list(name, [_typed(v, name.removesuffix("List"), "sourceType") for v in value])


def _sensors(name: str, value: Any, names: Namespaces) -> str:
    return _list(name, [_sensor(v, names) for v in value])


def _master_data(name: str, value: Any, names: Namespaces) -> str:
    return _list(name, [_free(k, v, names) for k, v in value.items()])


SAID: dict[str, Callable[[str, Any, Namespaces], str]] = {
    **dict.fromkeys(EPC_LISTS, _epcs),
    **dict.fromkeys(QUANTITY_LISTS, _quantities),
    "eventTime": _time,
    "bizStep": _word,
    "disposition": _word,
    "eventTimeZoneOffset": _plain,
    "action": _plain,
    "certificationInfo": _certificates,
    "persistentDisposition": _lasting,
    "readPoint": _place,
    "bizLocation": _place,
    "bizTransactionList": _papers,
    "sourceList": _ends,
    "destinationList": _ends,
    "sensorElementList": _sensors,
    "ilmd": _master_data,
}


def _list(name: str, parts: list[str]) -> str:
    return name + "".join(sorted(parts)) if parts else ""


def _quantity(element: Mapping[str, Any]) -> str:
    said = [f"{k}={_text(element[k])}" for k in ("epcClass", "quantity", "uom") if k in element]
    return "quantityElement" + "".join(said)


def _typed(element: Mapping[str, Any], what: str, field: str) -> str:
    kind = f"type={full(element['type'], field)}" if "type" in element else ""
    return f"{kind}{what}={_text(element[what])}"


def _sensor(element: Mapping[str, Any], names: Namespaces) -> str:
    said = "sensorElement"
    if metadata := element.get("sensorMetadata"):
        said += "sensorMetadata" + _known(metadata, METADATA, names)
    reports = element.get("sensorReport", ())
    said += "".join(sorted("sensorReport" + _known(r, REPORT, names) for r in reports))
    more = [_free(k, v, names) for k, v in element.items() if ":" in k or "/" in k]
    return said + "".join(sorted(more))


def _known(fields: Mapping[str, Any], order: list[str], names: Namespaces) -> str:
    said = ""
    for name in order:
        if name in fields:
            said += f"{name}={_sensed(name, fields[name])}"
    more = [_free(k, v, names) for k, v in fields.items() if k not in order]
    return said + "".join(sorted(more))


def _sensed(name: str, value: Any) -> str:
    if name in TIMES:
        return _instant(value)
    if name in ("type", "exception"):
        return full(value, "sensorType")
    if name == "component":
        return full(value, name)
    return _text(value)


def _free(name: str, value: Any, names: Namespaces) -> str:
    """An extension field: its namespace in braces, its value, and whatever hangs below it."""
    called = _braced(name, names)
    if isinstance(value, Mapping):
        return called + "".join(sorted(_free(k, v, names) for k, v in value.items()))
    if isinstance(value, list):
        return "".join(sorted(_free(name, v, names) for v in value))
    text = _text(value)
    return f"{called}={text}" if text else called


def _braced(name: str, names: Namespaces) -> str:
    prefix, colon, rest = name.partition(":")
    return f"{{{names[prefix]}}}{rest}" if colon and prefix in names else name


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    text = str(value).strip()
    if text[:1] in "0123456789+-.":
        return _number(text)
    return _uri(text)


def _uri(text: str) -> str:
    if not text.startswith(("https://", "urn:epc:", "http://")):
        return text
    try:
        return parse(text).uri
    except BadKey:
        return text


def _number(value: Any) -> str:
    """Without leading and trailing zeros; what is no number stays as it is."""
    try:
        number = float(value)
        return str(int(number)) if number == int(number) else str(number)
    except (ValueError, OverflowError):
        return str(value)


@lru_cache(maxsize=1_024)
def _instant(text: str) -> str:
    """UTC, to the millisecond."""
    try:
        at = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return text
    return at.isoformat(timespec="milliseconds")[:-6] + "Z"
