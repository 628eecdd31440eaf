"""Who read what (G19). `saw()` notes it, the middleware writes it before the answer leaves."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import resolve

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.idempotency import SEEN, an_answer

# Every page of a family writes this: the ORM takes longer to compose it than PostgreSQL to keep it.
INSERT = Path(__file__).with_name("reading.sql")
KEEP = Path(__file__).with_name("reading_kept.sql")
HOUSEHOLDS_MAX = 2000  # of one line; a long export is several
OTHERS = ("file:", "case:")  # people who are no families of ours: named by where they stand
SHOWN = frozenset({409, 422})  # a form comes back with the family around it: a mistake, or late


def saw(request: HttpRequest, households: Iterable[int], *fields: str) -> None:
    """This answer shows these families' data of these classes (name, phone, child, note, …)."""
    seen: dict[str, set[int] | set[str]] = request.__dict__.setdefault(
        SEEN, {"h": set(), "f": set()}
    )
    seen["h"].update(households)  # type: ignore[arg-type]
    seen["f"].update(fields)  # type: ignore[arg-type]


def saw_file(request: HttpRequest, file: int, *fields: str) -> None:
    """This answer shows cells of a file that came in: people who may not be families of ours yet."""
    saw(request, (), f"file:{file}", *fields)


def saw_cases(request: HttpRequest, cases: Iterable[Any], *fields: str) -> None:
    """This answer shows whoever asked in these cases: families of ours, and people who are none."""
    cases = list(cases)
    strangers = [f"case:{case.pk}" for case in cases if not case.household_id]
    saw(request, {c.household_id for c in cases if c.household_id}, *strangers, *fields)


def write(request: HttpRequest) -> None:
    """One audit row for this request, more for a long export; raises when it cannot be written."""
    seen = _seen(request)
    if seen is None:
        return
    line, families = _line(request, seen), sorted(seen["h"])
    if len(families) <= HOUSEHOLDS_MAX:
        sql.run(INSERT, line | {"households": families})  # one statement is all or nothing
        return
    with transaction.atomic():
        for n in range(0, len(families), HOUSEHOLDS_MAX):
            sql.run(INSERT, line | {"households": families[n : n + HOUSEHOLDS_MAX]})


def keep(request: HttpRequest, said: dict[str, Any]) -> None:
    """The answer under its Idempotency-Key and who read what in it: one trip where two do it too."""
    seen = _seen(request) if said["status"] < 300 else None
    if seen is None or len(seen["h"]) > HOUSEHOLDS_MAX:
        an_answer(request, said)
        request.__dict__.update({SEEN: seen} if seen else {})
        return
    sql.first(KEEP, said | _line(request, seen) | {"households": sorted(seen["h"])})


def _seen(request: HttpRequest) -> dict[str, Any] | None:
    """Whose data this answer shows, taken once: then it is written."""
    seen: dict[str, Any] | None = request.__dict__.pop(SEEN, None)
    if seen and (seen["h"] or any(field.startswith(OTHERS) for field in seen["f"])):
        return seen
    return None


def _line(request: HttpRequest, seen: dict[str, Any]) -> dict[str, Any]:
    user: Any = getattr(request, "user", None)  # another system has none
    staff: Any = user if user is not None and user.is_authenticated else None
    token: Any = getattr(request, "token", None)
    who = token or staff
    found = request.resolver_match or resolve(request.path_info)
    return {
        "at": now(),
        "staff_id": staff.pk if staff else None,
        "token_id": token.pk if token else None,
        "role": who.role if who else "",
        "store_id": who.store_id if who else None,
        "ip": getattr(request, "ip", None) or None,
        "request_id": getattr(request, "id", ""),
        "purpose": (found.view_name or request.path_info)[:60],
        "fields": sorted(seen["f"]),
    }


class ReadAuditMiddleware:
    """No audit, no data: an answer whose audit row cannot be written is not given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        shows = 200 <= response.status_code < 300 or response.status_code in SHOWN
        if shows and SEEN in request.__dict__:
            write(request)
        return response
