"""Sales received: a batch of receipts becomes sales of families in one statement (`posting.sql`).

One sale is a batch of one. The same document again has no effect and says so; a changed document
under a number that was used is refused, and so is a sale of an unknown store or of another day's
future. Whoever is not a member yet, and whatever is not in the catalogue yet, is kept as the till
wrote it. A return needs no sale that it undoes: it is a line with a negative quantity.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.utils import IntegrityError, OperationalError
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from pydantic import TypeAdapter

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.listeners import listeners_of
from warmline.goods.sales.receipts import SaleIn, index_of
from warmline.goods.sales.signals import SalePosted

POSTING = Path(__file__).with_name("posting.sql")
TRIES = 5
LOST_RACE = {"23505", "40P01"}  # somebody else's same document or key came first; a ring of waits
SALES: TypeAdapter[list[SaleIn]] = TypeAdapter(list[SaleIn])

_sentences: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of one receipt: posted, repeated (it was here already) or refused."""

    outcome: str
    document_no: str
    id: int | None = None
    household: int | None = None
    error: str = ""
    unknown_codes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """The request a batch came with: who asks, and the key under which its answer is kept."""

    token: int | None = None
    role: str = ""
    store: int | None = None  # a token of one store sells for no other
    ip: str | None = None
    request: str = ""
    purpose: str = ""
    scope: str = ""
    key: str | None = None
    fingerprint: bytes | None = None


class Answer(NamedTuple):
    """Fingerprint: of the request that was answered so before, if this one's key was known."""

    fingerprint: bytes | None
    status: int
    body: bytes


class Revoked(Exception):
    """The token has lost its right since it was last looked at."""


NOBODY = Asked()


def post(sales: Sequence[SaleIn], *, source: str) -> list[Posted]:
    """Receive these sales for an import, a story or a test; what became of each, in order."""
    if not sales:
        return []
    results = json.loads(receive(sales, source=source, single=False).body)["results"]
    known = Posted.__slots__
    return [Posted(**{k: v for k, v in row.items() if k in known}) for row in results]


def receive(
    sales: Sequence[SaleIn],
    *,
    source: str,
    single: bool,
    asked: Asked = NOBODY,
    places: Sequence[int] = (),
    refused: Sequence[dict[str, Any]] = (),
) -> Answer:
    """Post, and answer in JSON. `refused` are those of the batch that could not even be read."""
    places = list(places) or list(range(len(sales)))
    if len(sales) > 1:
        sales, places, refused = _without_twins(sales, places, refused)
    sales = [_indexed(sale) if sale.phone else sale for sale in sales]
    row = _insist(
        {
            "sales": SALES.dump_json(sales).decode(),
            "places": _array(places),
            "refused": json.dumps(refused, ensure_ascii=False) if refused else "[]",
            "single": single,
            "source": source,
            "now": now(),
            "listeners": _array(listeners_of(SalePosted)),
            "sentences": sentences(),
            "token": asked.token,
            "role": asked.role,
            "only_store": asked.store,
            "ip": asked.ip,
            "request": asked.request,
            "purpose": asked.purpose,
            "scope": asked.scope,
            "key": asked.key,
            "fingerprint": asked.fingerprint,
        }
    )
    if row is None:
        raise Revoked
    fingerprint, status, body = row
    return Answer(fingerprint and bytes(fingerprint), status, bytes(body))


def _without_twins(
    sales: Sequence[SaleIn], places: Sequence[int], refused: Sequence[dict[str, Any]]
) -> tuple[list[SaleIn], list[int], list[dict[str, Any]]]:
    """Of two receipts with one number in one batch the first counts and the others are named."""
    first: dict[str, tuple[int, SaleIn]] = {}
    twins = list(refused)
    for place, sale in zip(places, sales, strict=True):
        if sale.document_no not in first:
            first[sale.document_no] = (place, sale)
            continue
        twin = {"index": place, "document_no": sale.document_no, "outcome": "refused"}
        told = {"error": "twice", "detail": _("This document number stands in the batch twice.")}
        twins.append(twin | told)
    return [sale for _place, sale in first.values()], [place for place, _s in first.values()], twins


def _indexed(sale: SaleIn) -> SaleIn:
    """The number goes no further than here: the database gets its index."""
    return sale.model_copy(update={"phone": index_of(sale.phone).hex()})


def _array(values: Iterable[object]) -> str:
    """PostgreSQL's text for numbers and dotted names; the driver's own way for lists is slower."""
    return f"{{{','.join(map(str, values))}}}"


def _insist(params: dict[str, Any]) -> tuple[Any, ...] | None:
    """Run it; again after a lost race or on a dead connection: a second try adds nothing."""
    for left in reversed(range(TRIES)):
        try:
            if not connection.in_atomic_block:
                return sql.first(POSTING, params)
            with transaction.atomic():
                return sql.first(POSTING, params)
        except (IntegrityError, OperationalError) as error:
            died = connection.connection is not None and connection.connection.closed
            lost = getattr(error.__cause__, "sqlstate", "") in LOST_RACE
            if not left or connection.in_atomic_block or not (lost or died):
                raise
            if died:
                connection.close()
    return None


def sentences() -> str:
    """What each refusal is in words, in the language of whoever asks."""
    language = get_language() or ""
    if language not in _sentences:
        _sentences[language] = json.dumps(
            {
                "unknown_store": _("There is no such store."),
                "in_the_future": _("The sale is dated more than a day ahead."),
                "too_old": _("The sale is dated before the year 2000."),
                "changed": _("This document number was used for a sale that looks different."),
            },
            ensure_ascii=False,
        )
    return _sentences[language]
