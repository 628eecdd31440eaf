"""The provinces by the first two digits of an administrative code (GB/T 2260), and a grid of tiles
that lays them out as they lie to each other: a map without a single border."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Province:
    """One tile: where it lies in the grid, and how it is called."""

    code: str
    letters: str
    name: Any
    column: int
    row: int


COLUMNS, ROWS = 8, 8
_TILES: list[tuple[str, str, Any, int, int]] = [
    ("23", "HL", _("Heilongjiang"), 7, 0),
    ("15", "NM", _("Inner Mongolia"), 5, 1),
    ("21", "LN", _("Liaoning"), 6, 1),
    ("22", "JL", _("Jilin"), 7, 1),
    ("65", "XJ", _("Xinjiang"), 0, 2),
    ("62", "GS", _("Gansu"), 1, 2),
    ("64", "NX", _("Ningxia"), 2, 2),
    ("14", "SX", _("Shanxi"), 3, 2),
    ("13", "HE", _("Hebei"), 4, 2),
    ("11", "BJ", _("Beijing"), 5, 2),
    ("12", "TJ", _("Tianjin"), 6, 2),
    ("63", "QH", _("Qinghai"), 1, 3),
    ("61", "SN", _("Shaanxi"), 2, 3),
    ("41", "HA", _("Henan"), 3, 3),
    ("37", "SD", _("Shandong"), 4, 3),
    ("32", "JS", _("Jiangsu"), 5, 3),
    ("31", "SH", _("Shanghai"), 6, 3),
    ("54", "XZ", _("Tibet"), 0, 4),
    ("51", "SC", _("Sichuan"), 1, 4),
    ("50", "CQ", _("Chongqing"), 2, 4),
    ("42", "HB", _("Hubei"), 3, 4),
    ("34", "AH", _("Anhui"), 4, 4),
    ("33", "ZJ", _("Zhejiang"), 5, 4),
    ("53", "YN", _("Yunnan"), 1, 5),
    ("52", "GZ", _("Guizhou"), 2, 5),
    ("43", "HN", _("Hunan"), 3, 5),
    ("36", "JX", _("Jiangxi"), 4, 5),
    ("35", "FJ", _("Fujian"), 5, 5),
    ("71", "TW", _("Taiwan"), 6, 5),
    ("45", "GX", _("Guangxi"), 2, 6),
    ("44", "GD", _("Guangdong"), 3, 6),
    ("81", "HK", _("Hong Kong"), 4, 6),
    ("46", "HI", _("Hainan"), 2, 7),
    ("82", "MO", _("Macao"), 3, 7),
]
PROVINCES = {tile[0]: Province(*tile) for tile in _TILES}


def name_of(area: str) -> str:
    """The province that an administrative code lies in; the code itself if it is none."""
    found = PROVINCES.get(area[:2])
    return str(found.name) if found else area
