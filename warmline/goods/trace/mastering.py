"""Master data: what partners say in a document's header of places and parties, and what lies in what.

Head office's own words stay: a partner fills in what is blank. Which part lies in which place is
the partner's to say, and the latest word holds; a ring of places is not believed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from warmline.goods.trace import naming
from warmline.goods.trace.epcis.documents import Json
from warmline.goods.trace.identity.check_digits import is_whole
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.models import Party, Place

PLACES = frozenset({"businesslocation", "readpoint", "location"})
PARTIES = frozenset({"party"})
VALUE_MAX, FACTS_MAX = 400, 60


@dataclass(slots=True)
class Said:
    """One place or party as a header describes it."""

    facts: dict[str, Any] = field(default_factory=dict)
    parts: list[str] = field(default_factory=list)


def learn(header: Mapping[str, Any]) -> list[str]:
    """Take in what a header says; the names in it that are none."""
    places: dict[str, Said] = {}
    parties: dict[str, Said] = {}
    wrong: list[str] = []
    for kind, element in _elements(header):
        said = places if kind in PLACES else parties if kind in PARTIES else None
        if said is not None:
            _hear(said, element, wrong)
    if parties:
        _name_parties(parties)
    if places:
        _know_places(places)
    return wrong


def _elements(header: Mapping[str, Any]) -> Iterator[tuple[str, Json]]:
    for vocabulary in header.get("epcisMasterData", {}).get("vocabularyList", ()):
        for element in vocabulary.get("vocabularyElementList", ()):
            yield _tail(vocabulary["type"]).lower(), element


def _tail(uri: str) -> str:
    """`urn:epcglobal:cbv:mda:name`, `…mda#name` and `cbvmda:name` are all a name."""
    return uri.replace("#", ":").replace("/", ":").rsplit(":", 1)[-1]


def _hear(said: dict[str, Said], element: Json, wrong: list[str]) -> None:
    try:
        one = said.setdefault(parse(element["id"]).uri, Said())
        one.parts += [parse(part).uri for part in element.get("children", ())]
    except BadKey as bad:
        wrong.append(bad.uri)
        return
    for attribute in element.get("attributes", ())[:FACTS_MAX]:
        value = attribute.get("attribute")
        if isinstance(value, str | int | float):
            one.facts[_tail(attribute["id"])[:40]] = _short(value)


def _short(value: str | float) -> str | float:
    return value[:VALUE_MAX] if isinstance(value, str) else value


def _name_parties(said: Mapping[str, Said]) -> None:
    naming.parties(said)
    blank = Party.objects.filter(uri__in=said, name="").select_for_update().order_by("pk")
    named = [party for party in blank if said[party.uri].facts.get("name")]
    for party in named:
        party.name = str(said[party.uri].facts["name"])[:80]
    Party.objects.bulk_update(named, ["name"])


def _know_places(said: Mapping[str, Said]) -> None:
    inside = dict(_hierarchy(said))
    uris = {*said, *inside, *inside.values()}
    numbers = naming.places(uris)
    rows = Place.objects.filter(pk__in=numbers.values()).select_for_update().order_by("pk")
    places = {place.uri: place for place in rows}
    for uri, one in said.items():
        _fill_in(places[uri], one.facts)
    above = _above(places.values())
    for part, whole in inside.items():
        if not _is_in(above, numbers[whole], numbers[part]):
            above[numbers[part]] = places[part].inside_id = numbers[whole]
    fields = ["name", "city", "latitude", "longitude", "facts", "inside"]
    Place.objects.bulk_update(places.values(), fields)


def _hierarchy(said: Mapping[str, Said]) -> Iterator[tuple[str, str]]:
    """A part and what it lies in: as a child of it, or by the GLN of its site."""
    for uri, one in said.items():
        site = str(one.facts.get("site", ""))
        if len(site) == 13 and is_whole(site) and not uri.endswith(f"/414/{site}"):
            yield uri, f"https://id.gs1.org/414/{site}"
    for uri, one in said.items():
        for part in one.parts:
            yield part, uri


def _fill_in(place: Place, facts: Mapping[str, Any]) -> None:
    place.facts = {**place.facts, **facts}
    place.name = place.name or str(facts.get("name", ""))[:80]
    place.city = place.city or str(facts.get("city", ""))[:40]
    if place.latitude is None and place.longitude is None:
        latitude, longitude = _degrees(facts, "latitude", 90), _degrees(facts, "longitude", 180)
        if latitude is not None and longitude is not None:
            place.latitude, place.longitude = latitude, longitude


def _degrees(facts: Mapping[str, Any], name: str, most: float) -> float | None:
    try:
        degrees = float(facts[name])
    except (KeyError, ValueError):
        return None
    return degrees if -most <= degrees <= most else None


def _above(places: Iterable[Place]) -> dict[int, int]:
    """What lies in what by now, as far up as it goes from these."""
    found = {place.pk: place.inside_id for place in places if place.inside_id}
    level = set(found.values()) - found.keys()
    while level:
        rows = Place.objects.filter(pk__in=level, inside_id__isnull=False)
        more = dict(rows.values_list("pk", "inside_id"))
        found |= more
        level = set(more.values()) - found.keys()
    return found


def _is_in(above: Mapping[int, int], place: int, other: int) -> bool:
    """Whether the place is the other one, or lies in it over some levels."""
    seen: set[int] = set()
    while place not in seen:
        if place == other:
            return True
        seen.add(place)
        if place not in above:
            return False
        place = above[place]
    return False
