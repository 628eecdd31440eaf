"""Events in the words of the standard: documents that answer, in the spelling that was asked for."""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC
from typing import Any

from warmline.base.clock import now
from warmline.goods.trace import numbers, reading
from warmline.goods.trace.epcis.hashing import event_hash, namespaces
from warmline.goods.trace.epcis.words import NAMESPACES
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.identity.urns import as_urn
from warmline.goods.trace.models import CompanyPrefix

CONTEXT = "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"
FORMATS = ("No_Preference", "Always_GS1_Digital_Link", "Always_EPC_URN", "Never_Translates")
LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
QUANTITIES = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
Spelling = Callable[[str], str]


def events(ids: Iterable[int], *, epc_format: str = FORMATS[1]) -> tuple[list[Any], list[Any]]:
    """These events with their record time and name, and the contexts that their words need."""
    wanted, spelt = list(ids), _spelling(epc_format)
    told = reading.told(wanted)
    declared: dict[str, str] = {}
    shown = []
    for number in wanted:
        if number not in told:
            continue
        event, context = told[number]
        names = namespaces(context, {})
        full = dict(event)
        full.setdefault("eventID", event_hash(event, namespaces(context, NAMESPACES)))
        full["recordTime"] = (
            numbers.time_of(number)
            .astimezone(UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z")
        )
        clashes = {p: a for p, a in names.items() if declared.setdefault(p, a) != a}
        if clashes:
            own = full.get("@context", [])
            full["@context"] = [clashes, *(own if isinstance(own, list) else [own])]
        shown.append(_respelt(full, spelt) if spelt else full)
    extra = {p: a for p, a in declared.items() if p not in NAMESPACES}
    return shown, [CONTEXT, extra] if extra else [CONTEXT]


def document(
    ids: Iterable[int],
    *,
    epc_format: str = FORMATS[1],
    name: str = "SimpleEventQuery",
    subscription: str = "",
) -> dict[str, Any]:
    """An EPCISQueryDocument that holds these events."""
    listed, context = events(ids, epc_format=epc_format)
    results: dict[str, Any] = {"queryName": name, "resultsBody": {"eventList": listed}}
    if subscription:
        results["subscriptionID"] = subscription
    return {
        "@context": context,
        "type": "EPCISQueryDocument",
        "schemaVersion": "2.0",
        "creationDate": now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "epcisBody": {"queryResults": results},
    }


def _spelling(epc_format: str) -> Spelling | None:
    if epc_format == "Always_GS1_Digital_Link":
        return _as_link
    if epc_format == "Always_EPC_URN":
        length_of = prefix_lengths()
        return lambda uri: as_urn(uri, length_of)
    return None


def _as_link(uri: str) -> str:
    if not uri.startswith("urn:epc:"):
        return uri
    try:
        return parse(uri).uri
    except BadKey:
        return uri


def prefix_lengths() -> Callable[[str], int | None]:
    """How long the company prefix of these digits is, if we were told."""
    known = set(CompanyPrefix.objects.values_list("prefix", flat=True))

    def length_of(digits: str) -> int | None:
        return next((n for n in range(12, 3, -1) if digits[:n] in known), None)

    return length_of


def _respelt(event: dict[str, Any], spelt: Spelling) -> dict[str, Any]:
    said = dict(event)
    for name in LISTS:
        if name in said:
            said[name] = [spelt(uri) for uri in said[name]]
    for name in ("parentID", "transformationID"):
        if name in said:
            said[name] = spelt(said[name])
    for name in QUANTITIES:
        if name in said:
            said[name] = [_with(one, "epcClass", spelt) for one in said[name]]
    for name in ("readPoint", "bizLocation"):
        if name in said:
            said[name] = _with(said[name], "id", spelt)
    for name in ("source", "destination", "bizTransaction"):
        if f"{name}List" in said:
            said[f"{name}List"] = [_with(one, name, spelt) for one in said[f"{name}List"]]
    return said


def _with(element: Mapping[str, Any], name: str, spelt: Spelling) -> dict[str, Any]:
    return {**element, name: spelt(element[name])}
