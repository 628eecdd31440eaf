"""How much room the disk has left, and the ballast that is thrown off when it has none."""

import enum
import os
import shutil
from pathlib import Path

from warmline.base.postgres.places import open_file

MEGABYTE = 1 << 20
GIGABYTE = 1 << 30
BALLAST = 64 * MEGABYTE


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


def load_ballast(file: Path, *, size: int = BALLAST, spare: int = 2 * GIGABYTE) -> bool:
    """Occupy some space while there is plenty, so that there is something to give up later."""
    if file.exists() or shutil.disk_usage(file.parent).free < spare:
        return False
    descriptor = open_file(file, os.O_RDWR)
    try:
        os.posix_fallocate(descriptor, 0, size)
    finally:
        os.close(descriptor)
    return True


def drop_ballast(file: Path) -> bool:
    """Give the space back: PostgreSQL needs some to come up again after the disk was full."""
    try:
        file.unlink()
    except FileNotFoundError:
        return False
    return True
