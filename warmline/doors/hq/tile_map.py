"""The map of oddities: one tile a province, laid out as provinces lie, and not one border drawn."""

from collections import defaultdict
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count
from django.db.models.functions import Substr
from django.utils.translation import get_language

from warmline.goods.trace.models import Oddity
from warmline.goods.trace.provinces import COLUMNS, PROVINCES, ROWS

SIDE, GAP = 52, 4


@dataclass(frozen=True, slots=True)
class Tile:
    """A province with what is open and what is settled in it."""

    code: str
    name: str
    label: str
    x: int
    y: int
    open: int
    settled: int
    is_over: bool
    link: str

    @property
    def state(self) -> str:
        """Quiet: nothing. Soon: something is open. Broken: over a dealer's line. Kept: all settled."""
        if self.open:
            return "broken" if self.is_over else "soon"
        return "kept" if self.settled else ""

    @property
    def middle(self) -> float:
        return self.x + SIDE / 2

    @property
    def name_at(self) -> float:
        return self.y + (SIDE / 2 - 3 if self.open else SIDE / 2 + 5)


@dataclass(frozen=True, slots=True)
class TileMap:
    tiles: list[Tile]

    width = COLUMNS * (SIDE + GAP)
    height = ROWS * (SIDE + GAP)
    side = SIDE

    @property
    def told(self) -> list[Tile]:
        """Those with something to tell, for the table beside it."""
        found = [tile for tile in self.tiles if tile.open or tile.settled]
        return sorted(found, key=lambda tile: (-tile.open, -tile.settled, tile.code))


def tile_map(*, over: set[int]) -> TileMap:
    """`over`: the dealers that are over their line."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    grave: set[str] = set()
    rows = Oddity.objects.exclude(area="").annotate(province=Substr("area", 1, 2))
    for province, status, party, n in rows.values_list("province", "status", "party").annotate(
        n=Count("pk")
    ):
        counts[province]["settled" if status == Oddity.Status.SETTLED else "open"] += n
        if party in over and status != Oddity.Status.SETTLED:
            grave.add(province)
    in_chinese = (get_language() or "").startswith("zh")
    return TileMap(
        [
            Tile(
                code=p.code,
                name=str(p.name),
                label=str(p.name) if in_chinese else p.letters,
                x=p.column * (SIDE + GAP),
                y=p.row * (SIDE + GAP),
                open=counts[p.code]["open"],
                settled=counts[p.code]["settled"],
                is_over=p.code in grave,
                link="?" + urlencode({"province": p.code, "state": "all"}) + "#list",
            )
            for p in PROVINCES.values()
        ]
    )
