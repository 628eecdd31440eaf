"""Backends that outlived their postmaster: they hold the lock and the memory, and serve nobody."""

import contextlib
import os
import signal
from pathlib import Path


def kill_orphans(data: Path) -> list[int]:
    """End them, so that the database can start again. A living server has none."""
    orphans = [pid for pid, parent in _inhabitants(data).items() if parent is None]
    for pid in orphans:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return orphans


def _inhabitants(data: Path) -> dict[int, int | None]:
    """Backends working in `data`, each with its postmaster if that still lives."""
    processes = [int(name) for name in os.listdir("/proc") if name.isdigit()]
    here = {pid for pid in processes if _works_in(pid, data)}
    backends = {pid for pid in here if _command(pid).startswith("postgres: ")}
    return {pid: _parent(pid) if _parent(pid) in here else None for pid in backends}


def _works_in(pid: int, data: Path) -> bool:
    try:
        return os.path.samefile(f"/proc/{pid}/cwd", data)
    except OSError:  # gone, or not ours to see
        return False


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""


def _parent(pid: int) -> int | None:
    try:
        status = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return int(status.rpartition(")")[2].split()[1])
