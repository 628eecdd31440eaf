"""Whose goods turn up elsewhere: each dealer by its share of all that it handled, against a line of its own."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max, Q

from warmline.goods.trace import journeys, knowing, reading
from warmline.goods.trace.identity.keys import parse
from warmline.goods.trace.models import Event, Oddity, Party

DEALERS_MAX, EVENTS_MAX = 200, 2_000
SEEN_MIN = 5  # of a dealer's tins elsewhere, before a share says anything


@dataclass(frozen=True, slots=True)
class Suspect:
    """A dealer, how many of its units turned up elsewhere, and of how many it handled."""

    party: Party
    elsewhere: int
    handled: int | None  # nobody asked, because nothing turned up elsewhere

    @property
    def share(self) -> float:
        return self.elsewhere / self.handled if self.handled else 0.0

    @property
    def line(self) -> str:
        """Its threshold in percent, as head office wrote it."""
        return f"{100 * self.party.out_of_area_max:g}"

    @property
    def is_over(self) -> bool:
        """Over its own threshold, by more than a few travelling families."""
        return self.elsewhere >= SEEN_MIN and self.share > self.party.out_of_area_max


def suspects(*, since: datetime) -> list[Suspect]:
    """Those over their own threshold (R1, R2): the whole of what they handled counts."""
    return [one for one in dealers(since=since) if one.is_over]


def dealers(*, since: datetime) -> list[Suspect]:
    """Every dealer with its share, the largest first; other partners only if something was seen.

    What a dealer handled is counted only where something turned up: the others are asked nothing.
    """
    rows = (
        Oddity.objects.filter(rule__in=("R1", "R2"), at__gte=since, party__isnull=False)
        .values_list("party", "unit_id")
        .annotate(tins=Max("weight"))
    )
    seen: dict[int, int] = {}
    for party_id, _unit, tins in rows:
        seen[party_id] = seen.get(party_id, 0) + round(tins)
    parties = Party.objects.filter(Q(pk__in=seen) | Q(sort=Party.Sort.DEALER)).exclude(
        sort=Party.Sort.STORE
    )  # a shop that bought elsewhere is in the list of oddities, and has no goods elsewhere
    found = []
    for party in sorted(parties, key=lambda one: (-seen.get(one.pk, 0), one.name))[:DEALERS_MAX]:
        elsewhere = seen.get(party.pk, 0)
        handled = max(_handled(party, since), elsewhere) if elsewhere else None
        found.append(Suspect(party, elsewhere, handled))
    return sorted(found, key=lambda one: (not one.is_over, -one.share, -one.elsewhere))


def _handled(party: Party, since: datetime) -> int:
    """How many tins went through its hands: by themselves, or in cases and on pallets.

    Of very many events the latest are read, and the whole is reckoned from them.
    """
    its_own = list(party.places.values_list("pk", flat=True))
    where = Q(biz_location__in=its_own) | Q(biz_location=None, read_point__in=its_own)
    events = Event.objects.filter(where, event_time__gte=since)
    ids = list(events.order_by("-pk").values_list("pk", flat=True)[:EVENTS_MAX])
    named = {uri for event, _c in reading.told(ids).values() for uri in event.get("epcList", ())}
    tins = journeys.tins_ever_in(knowing.find([parse(uri) for uri in named]).values())
    return tins if len(ids) < EVENTS_MAX else round(tins * events.count() / len(ids))
