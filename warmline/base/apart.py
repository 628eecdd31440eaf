"""Heavy work in a copy of ourselves, so that whoever has to live on all day stays light."""

import os
import pickle
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

from warmline.base.postgres.process import die_with_parent

T = TypeVar("T")


def apart(work: Callable[[], T]) -> T:
    """What `work` returns, or the error it raises, from a child that is gone afterwards.

    What it imported and built goes with it. Call it before there are threads or connections.
    """
    reading, writing = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    follow = die_with_parent(signal.SIGTERM)
    child = os.fork()
    if not child:
        os.close(reading)
        follow()
        _answer(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        told = answer.read()
    _pid, status = os.waitpid(child, 0)
    if not told:
        raise SystemExit(os.waitstatus_to_exitcode(status) or 1)
    worked, result = pickle.loads(told)  # noqa: S301 - it is our own child that speaks
    if not worked:
        raise result
    return result


def _answer(work: Callable[[], object], writing: int) -> None:
    try:
        answer = pickle.dumps((True, work()))
    except Exception as error:
        answer = _packed(error)
    except BaseException:
        os._exit(130)
    with os.fdopen(writing, "wb") as out:
        out.write(answer)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def _packed(error: Exception) -> bytes:
    try:
        packed = pickle.dumps((False, error))
        pickle.loads(packed)  # noqa: S301 - some errors go in and do not come out
    except Exception:
        return pickle.dumps((False, RuntimeError(f"{type(error).__name__}: {error}")))
    return packed
