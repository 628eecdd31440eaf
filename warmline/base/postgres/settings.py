"""How PostgreSQL is tuned for one shop's machine, where it is a guest and not the owner."""

import os
from pathlib import Path

MEGABYTE = 1 << 20
CGROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


def settings(*, home: Path, sockets: Path, major: int) -> dict[str, str]:
    """Everything is said on the command line: no file in the data directory can unsay it."""
    memory = memory_mb()
    chosen = {
        # who may come in: this machine's owner, through the socket
        "listen_addresses": "",
        "unix_socket_directories": str(sockets),
        "unix_socket_permissions": "0700",
        "port": "5432",
        "hba_file": str(home / "pg_hba.conf"),
        "ident_file": str(home / "pg_ident.conf"),
        "max_connections": "60",
        "max_locks_per_transaction": "256",
        # memory
        "shared_buffers": f"{shared_buffers_mb(memory)}MB",
        "effective_cache_size": f"{memory // 2}MB",
        "work_mem": "16MB",
        "maintenance_work_mem": f"{min(256, max(64, memory // 16))}MB",
        "huge_pages": "off",
        # disks
        "max_wal_size": "4GB",
        "checkpoint_completion_target": "0.9",
        # Pages of hashes press badly and slowly; but a log that is not pressed outgrows the ballast, and a
        # database whose disk was full would not come up again.
        "wal_compression": "pglz",
        "random_page_cost": "1.1",
        # what is never traded for speed
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "restart_after_crash": "on",
        # queries of a shop are short
        "jit": "off",
        "idle_in_transaction_session_timeout": "60s",
        # the log tells what went wrong, never about whom: no statements, no values of rows
        "log_lock_waits": "on",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length_on_error": "0",
        "lc_messages": "C",
        "timezone": "UTC",
        "log_timezone": "UTC",
    }
    if major >= 18:
        chosen["io_workers"] = "2"
    return chosen


def as_arguments(chosen: dict[str, str]) -> list[str]:
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def shared_buffers_mb(memory: int) -> int:
    """A quarter of the memory, but modest: the file cache of the system does the rest."""
    if wanted := os.environ.get("WARMLINE_PG_SHARED_BUFFERS_MB"):
        return max(16, int(wanted))
    return min(256, max(32, memory // 4))


def memory_mb() -> int:
    """What this machine, or the container we are in, has."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        limit = int(CGROUP_LIMIT.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # no control group, or "max"
        limit = whole
    return min(whole, limit) // MEGABYTE
