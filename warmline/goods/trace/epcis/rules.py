"""The rules that GS1's schema leaves unchecked: what an event may not say, though its shape is right.

Each finding names its rule and the place. Most refuse the event. Those about sensors are `notes`:
the standard's own examples break them, so an event is kept and what is odd about it is told.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from warmline.goods.trace.identity.keys import CLASSES, INSTANCES, BadKey, parse

INSTANCE_LISTS = ("epcList", "childEPCs", "inputEPCList", "outputEPCList")
CLASS_LISTS = ("quantityList", "childQuantityList", "inputQuantityList", "outputQuantityList")
KINDS = frozenset(CLASS_LISTS)
ONCE = ("deviceID", "deviceMetadata", "rawData", "dataProcessingMethod")
Event = Mapping[str, Any]

SENTENCES = {
    "parent": _("An aggregation that adds or removes names its parent."),
    "uom": _("A unit of measure stands beside a quantity, never alone."),
    "count": _("Without a unit of measure a quantity is a whole number above zero."),
    "quantity": _("A quantity is above zero."),
    "instance": _("Here stands the name of one thing, not of a kind of thing."),
    "class": _("Here stands the name of a kind of thing, not of one thing."),
    "check_digit": _("The check digit does not fit."),
    "key": _("This is written like a GS1 key and is none."),
    "offset": _("The offset beside the time is not the one in the time."),
    "sensor_time": _("A sensor measured after the event took place."),
    "device": _("What the device is stands in the metadata or in the report, not in both."),
    "twice": _("The event names the same thing twice."),
}


class Finding(NamedTuple):
    rule: str
    at: str
    refuses: bool = True

    def sentence(self) -> str:
        return f"{SENTENCES[self.rule]} ({self.at})"


def findings(event: Event) -> list[Finding]:
    """Everything that is wrong or odd with this event; empty for nearly all."""
    found = [*_parent(event)] if event["type"] == "AggregationEvent" else []
    found += _things(event)
    if not KINDS.isdisjoint(event):
        found += _kinds(event)
    found += _places(event)
    found += _offset(event)
    if "sensorElementList" in event:
        found += _sensors(event)
    return found


def _parent(event: Event) -> Iterator[Finding]:
    if event.get("action") in ("ADD", "DELETE") and not event.get("parentID"):
        yield Finding("parent", "parentID")


def _mistake(uri: str, unfit: frozenset[str] = frozenset(), rule: str = "") -> str:
    """The rule that this name breaks, if it does: it is none, or of a kind unfit for its place."""
    try:
        return rule if parse(uri).kind in unfit else ""
    except BadKey as bad:
        return "check_digit" if bad.reason == "check_digit" else "key"


def _things(event: Event) -> Iterator[Finding]:
    for name in INSTANCE_LISTS:
        for place, uri in enumerate(event.get(name, ())):
            if rule := _mistake(uri, CLASSES, "instance"):
                yield Finding(rule, f"{name}/{place}")
    if (parent := event.get("parentID")) and (rule := _mistake(parent, CLASSES, "instance")):
        yield Finding(rule, "parentID")


def _kinds(event: Event) -> Iterator[Finding]:
    for name in CLASS_LISTS:
        for place, element in enumerate(event.get(name, ())):
            at = f"{name}/{place}"
            if rule := _mistake(element["epcClass"], INSTANCES, "class"):
                yield Finding(rule, f"{at}/epcClass")
            if "quantity" not in element:
                if "uom" in element:
                    yield Finding("uom", at)
            elif element["quantity"] <= 0:
                yield Finding("quantity", at)
            elif "uom" not in element and element["quantity"] != int(element["quantity"]):
                yield Finding("count", at)


def _places(event: Event) -> Iterator[Finding]:
    for name in ("readPoint", "bizLocation"):
        if (place := event.get(name)) and (rule := _mistake(place["id"])):
            yield Finding(rule, f"{name}/id")
    for name, what in (("sourceList", "source"), ("destinationList", "destination")):
        for place, element in enumerate(event.get(name, ())):
            if rule := _mistake(element[what]):
                yield Finding(rule, f"{name}/{place}/{what}")


def _offset(event: Event) -> Iterator[Finding]:
    """A time in UTC fits any offset; one that names another offset contradicts it."""
    said, offset = event["eventTime"][-6:], event["eventTimeZoneOffset"]
    if event["eventTime"][-1] in "zZ" or said == offset:
        return
    if said[1:] != "00:00":
        yield Finding("offset", "eventTimeZoneOffset")


def _sensors(event: Event) -> Iterator[Finding]:
    for n, element in enumerate(event.get("sensorElementList", ())):
        at = f"sensorElementList/{n}"
        metadata = element.get("sensorMetadata", {})
        for part in (metadata, *element.get("sensorReport", ())):
            if "time" in part and _after(part["time"], event["eventTime"]):
                yield Finding("sensor_time", at, refuses=False)
                break
        for report in element.get("sensorReport", ()):
            if any(name in metadata and name in report for name in ONCE):
                yield Finding("device", at, refuses=False)
                break


def _after(one: str, other: str) -> bool:
    try:
        return datetime.fromisoformat(one) > datetime.fromisoformat(other) + timedelta(seconds=1)
    except ValueError:
        return False
