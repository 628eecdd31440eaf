"""Children that do not outlive us: whoever is killed with -9 takes its children along."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """For `Popen(preexec_fn=…)`; it runs after the change of user, which would undo it.

    The kernel watches the *thread* that forks, so children must be started from one that lives
    as long as the process does: the main thread.
    """
    parent = os.getpid()

    def in_the_child() -> None:
        if _libc is not None:
            _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
            if os.getppid() != parent:  # it died before we could ask to be told
                os._exit(1)

    return in_the_child


def follow_parent(number: signal.Signals) -> None:
    """For a process we did not start ourselves, from within: end when its parent does."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
