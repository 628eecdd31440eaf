"""The lock that every process of a database holds: while it is free, none of them lives."""

import fcntl
import os
from pathlib import Path

from warmline.base.postgres.places import open_file


def take(home: Path) -> int | None:
    """The lock's descriptor if nobody held it. PostgreSQL inherits it and keeps it to the end."""
    descriptor = open_file(home / "cluster.lock", os.O_RDWR)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor
