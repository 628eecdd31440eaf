"""Scanning in a shop, a warehouse or at a dealer's: what one reader saw becomes one event.

Codes come one at a time, in any spelling, some twice and some unreadable. What can be read is taken,
what cannot is set aside with its reason, and nothing is lost over it. The same list sent again (a
telephone that was offline) has no second effect: the event carries the list's own key.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.goods.trace import journeys, knowing
from warmline.goods.trace.epcis.documents import Json
from warmline.goods.trace.identity.keys import BadKey, Key, parse
from warmline.goods.trace.models import Edge, Party, Place
from warmline.goods.trace.own_events import moment, tell
from warmline.goods.trace.spelling import spelt
from warmline.goods.trace.verdicts import Word, verdicts

CODES_MAX = 2_000


class What(TextChoices):
    """What is being done with what is scanned."""

    RECEIVE = "receive", _("Receive")
    SHIP = "ship", _("Ship")
    MOVE = "move", _("Put on the shelf")
    PACK = "pack", _("Pack")
    OPEN = "open", pgettext_lazy("a case", "Open")
    COUNT = "count", _("Count")


STEPS = {
    What.RECEIVE: ("receiving", "sellable_not_accessible"),
    What.SHIP: ("shipping", "in_transit"),
    What.MOVE: ("stocking", "sellable_accessible"),
    What.PACK: ("packing", "container_closed"),
    What.OPEN: ("unpacking", ""),
    What.COUNT: ("cycle_counting", ""),
}
NO_CASE = _("This is no case: nothing can be taken out of it.")
REFUSED = frozenset({Word.VOID, Word.NOT_ACTIVE, Word.DESTROYED})
WARNED = frozenset({Word.RECALLED, Word.HELD, Word.EXPIRED, Word.SOLD})


@dataclass(frozen=True, slots=True)
class Aside:
    """A code that was not taken, and why."""

    code: str
    reason: str


@dataclass(slots=True)
class Tally:
    """What came of a scan: things taken, tins in them, what was set aside and what to look at."""

    taken: list[str] = field(default_factory=list)
    aside: list[Aside] = field(default_factory=list)
    warned: list[Aside] = field(default_factory=list)
    tins: int = 0
    repeated: int = 0


def check(code: str, *, seen: Iterable[str] = ()) -> tuple[str, Aside | None]:
    """One code as it is read: its canonical name, or why it is set aside."""
    try:
        found = spelt(code)
    except BadKey:
        return "", Aside(code[:80], _t("This is no code."))
    key = parse(found.uri)
    if not key.is_instance:
        return "", Aside(code[:80], _t("This is the code of a kind of goods, not of one thing."))
    if found.uri in set(seen):
        return "", Aside(code[:80], _t("It was read already."))
    unit = knowing.find([key]).get(key.uri)
    if unit is not None and (said := verdicts([unit])[unit]).word in REFUSED:
        return "", Aside(code[:80], said.sentence)
    return found.uri, None


def take_in(
    codes: Sequence[str],
    *,
    what: str,
    place: Place,
    key: str,
    into: str = "",
    to: Party | None = None,
    document_no: str = "",
    at: datetime | None = None,
    by: Staff | None = None,
) -> Tally:
    """What was scanned becomes an event; `into` is the case that was packed, `to` who gets it."""
    if not 0 < len(codes) <= CODES_MAX:
        raise ValidationError(_t("One to %(most)s codes at a time.") % {"most": CODES_MAX})
    if not 0 < len(key) <= 80 or not key.isascii() or not key.isprintable():
        raise ValidationError(_t("The list needs a key of its own."))
    parent, wrong = check(into) if what == What.PACK else ("", None)
    if wrong:
        raise ValidationError({"into": wrong.reason})
    tally = _sorted_out(codes, What(what), parent)
    if not tally.taken:
        return tally
    events = _events(tally.taken, What(what), place, key, parent, to, document_no, at or now())
    tally.repeated = tell(events, by=by).repeated
    tally.tins = _tins(tally.taken)
    return tally


def may_be_opened(key: Key, unit: int | None) -> bool:
    """A case or pallet, known or not; of a tin only if somebody told that it holds something."""
    if key.kind != "sgtin":
        return True
    if unit is None:
        return False
    return Edge.objects.filter(parent_id=unit, t_to__isnull=True).exists()


def _sorted_out(codes: Sequence[str], what: What, parent: str) -> Tally:
    tally, names = Tally(), dict[str, str]()
    for code in codes:
        try:
            uri = spelt(code).uri
            if not parse(uri).is_instance:
                tally.aside.append(
                    Aside(code[:80], _t("This is the code of a kind of goods, not of one thing."))
                )
            elif uri in names:
                tally.aside.append(Aside(code[:80], _t("It was read already.")))
            else:
                names[uri] = code[:80]
        except BadKey:
            tally.aside.append(Aside(code[:80], _t("This is no code.")))
    units = knowing.find(map(parse, names))
    said = verdicts(units.values())
    for uri, code in names.items():
        if uri == parent:
            tally.aside.append(Aside(code, _t("This is the case itself.")))
            continue
        if what == What.OPEN and not may_be_opened(parse(uri), units.get(uri)):
            tally.aside.append(Aside(code, str(NO_CASE)))
            continue
        word = said[units[uri]] if uri in units else None
        if word and word.word in REFUSED:
            tally.aside.append(Aside(code, word.sentence))
            continue
        if word and word.word in WARNED:
            tally.warned.append(Aside(code, word.sentence))
        tally.taken.append(uri)
    return tally


def _events(
    uris: list[str],
    what: What,
    place: Place,
    key: str,
    parent: str,
    to: Party | None,
    document_no: str,
    at: datetime,
) -> list[Json]:
    step, disposition = STEPS[what]
    plain: Json = {
        **moment(at),
        "bizStep": step,
        "readPoint": {"id": place.uri},
        "bizLocation": {"id": place.uri},
    }
    if disposition:
        plain["disposition"] = disposition
    if document_no:
        said = {"type": "desadv", "bizTransaction": f"urn:warmline:document:{document_no[:60]}"}
        plain["bizTransactionList"] = [said]
    if place.party:
        whose = "destination" if what == What.RECEIVE else "source"
        plain[f"{whose}List"] = [{"type": "possessing_party", whose: place.party.uri}]
    if to:
        plain["destinationList"] = [{"type": "possessing_party", "destination": to.uri}]
    name = f"urn:warmline:scan:{key}"
    if what == What.PACK:
        packed = {
            "type": "AggregationEvent",
            "action": "ADD",
            "parentID": parent,
            "childEPCs": uris,
        }
        return [plain | packed | {"eventID": name}]
    if what == What.OPEN:
        opened = {"type": "AggregationEvent", "action": "DELETE"}
        return [
            plain | opened | {"parentID": uri, "eventID": f"{name}:{n}"}
            for n, uri in enumerate(uris)
        ]
    return [plain | {"type": "ObjectEvent", "action": "OBSERVE", "epcList": uris, "eventID": name}]


def _tins(uris: list[str]) -> int:
    """How many tins that is, cases and pallets opened in thought."""
    units = knowing.find(map(parse, uris))
    cases = {units[uri] for uri in uris if parse(uri).kind == "sscc" and uri in units}
    held = set(journeys.inside_all(cases)) - cases
    return sum(parse(uri).kind == "sgtin" for uri in uris) + knowing.tins(held)
