"""The ballast: space kept occupied while there is plenty, and thrown off when there is none."""

import os
import shutil
from pathlib import Path

from warmline.base.disk import GIGABYTE, MEGABYTE
from warmline.base.postgres.places import open_file

BALLAST = 64 * MEGABYTE


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
