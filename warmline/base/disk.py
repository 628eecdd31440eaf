"""How much room the disk has left: whether to say so, or to write nothing more."""

import enum
import shutil
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
