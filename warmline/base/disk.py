"""How much room the disk has left: whether to say so, or to write nothing more."""

import enum
import shutil
import time
from pathlib import Path

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30


class Room(enum.StrEnum):
    PLENTY = "plenty"
    SCARCE = "scarce"  # say so
    NONE = "none"  # refuse to write (507) while reading still works


def room_on(place: Path) -> Room:
    """A few microseconds: cheap enough to ask before each request that writes."""
    free = shutil.disk_usage(place).free
    if free < 256 * MEGABYTE:
        return Room.NONE
    return Room.SCARCE if free < GIGABYTE else Room.PLENTY


class Glance:
    """A look at the disk, at most one a second: for whoever asks with every request."""

    def __init__(self) -> None:
        self._looked_at, self._seen = 0.0, Room.PLENTY

    def is_none(self, place: Path) -> bool:
        at = time.monotonic()
        if at - self._looked_at > 1:
            self._looked_at, self._seen = at, room_on(place)
        return self._seen is Room.NONE


glance = Glance()
