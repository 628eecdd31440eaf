"""The child process: limits first, then one job - `look` at a file, or `pour` its rows out.

It is given an open file, writes COPY lines to its standard output, and its last word (or why there
is none) as JSON to the report pipe. It has no database, no settings and nothing to lose.
"""

import ctypes
import json
import os
import resource
import signal
import sys
from typing import Any, BinaryIO

from warmline.base.sheets.limits import Limits
from warmline.base.sheets.unreadable import Unreadable

PR_SET_PDEATHSIG = 1


def main() -> None:
    job: dict[str, Any] = json.loads(sys.argv[1])
    limits = Limits(**job["limits"])
    confine(limits)
    report: dict[str, Any]
    try:
        with os.fdopen(job["file"], "rb", buffering=0) as raw:
            report = {"done": carry_out(job, raw, limits=limits)}
    except Unreadable as error:
        report = {"unreadable": error.reason_code, "facts": error.facts}
    except MemoryError:
        report = {"unreadable": "too_hungry", "facts": {}}
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        report = {"unreadable": "damaged", "facts": {}}  # Rust gave up on a broken workbook
    sys.stdout.flush()
    os.close(1)  # whoever reads the rows knows that they are all there, and listens
    with os.fdopen(job["report"], "w", encoding="utf-8") as out:
        json.dump(report, out)


def confine(limits: Limits) -> None:
    """No more memory, time, files or processes than reading a table takes; no life of its own."""
    for what, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):
            continue  # macOS knows no limit of address space
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def carry_out(job: dict[str, Any], file: BinaryIO, *, limits: Limits) -> dict[str, Any]:
    from warmline.base.sheets.reading import jobs

    if job["task"] == "look":
        return jobs.look(file, limits=limits, sheet=job["sheet"])
    out = os.fdopen(sys.stdout.fileno(), "wb", buffering=0, closefd=False)
    return jobs.pour(file, job, limits=limits, write=lambda data: write_all(out, data))


def write_all(out: Any, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[out.write(view) :]


if __name__ == "__main__":
    main()
