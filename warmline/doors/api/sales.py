"""Sales in: one receipt, or a batch of up to 500. The two hot posts of the whole product.

Both are one statement in the database, with the token's right, the kept answer and the read audit
in it (`goods/sales/posting.sql`); the entrance calls them before URL resolution and ninja.
"""

import hashlib
import json
from datetime import date
from typing import Annotated, Any
from urllib.parse import parse_qs

import pydantic
from django.http import HttpResponse
from ninja import Query, Router
from pydantic import TypeAdapter
from pydantic_core import from_json

from warmline.base import idempotency
from warmline.core.people.models import Token
from warmline.core.people.reading import saw
from warmline.doors.api import access, problems, shapes, tokens
from warmline.doors.api.access import SALES
from warmline.doors.api.door import answers, body
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.problems import Problem, faults
from warmline.doors.api.shapes import text
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.sales import models, posting
from warmline.goods.sales.receipts import SaleIn

router = Router(tags=["sales"])
SALE: TypeAdapter[SaleIn] = TypeAdapter(SaleIn)
SALES_MAX = 500
SOURCE = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,29}$"
SOURCE_OF: TypeAdapter[str] = TypeAdapter(
    Annotated[str, pydantic.StringConstraints(pattern=SOURCE)]
)


class Batch(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid")

    sales: Annotated[list[SaleIn], pydantic.Field(min_length=1, max_length=SALES_MAX)]


BATCH: TypeAdapter[Batch] = TypeAdapter(Batch)


def receive_one(request: ApiRequest) -> HttpResponse:
    """201 posted, 200 repeated, 409 for a changed document, 422 with what is wrong."""
    asked = _asked(request, "api:sales")
    source = _source(request)
    try:
        sale = SALE.validate_json(request.body)
    except pydantic.ValidationError as error:
        return _refused(request, asked, problems.of(error))
    answer = _post(request, [sale], source=source, single=True, asked=asked)
    if answer.status < 400 or answer.fingerprint is not None:
        return _given(answer, asked)
    told = json.loads(answer.body)
    return _refused(request, asked, Problem(answer.status, told["error"], told["detail"]))


def receive_batch(request: ApiRequest) -> HttpResponse:
    """200 with what became of each: one that cannot be taken holds up none of the others."""
    asked = _asked(request, "api:sales-batch")
    source = _source(request)
    places: list[int] = []
    refused: list[dict[str, Any]] = []
    try:
        sales = BATCH.validate_json(request.body).sales
    except pydantic.ValidationError as error:
        try:
            sales, places, refused = _one_by_one(request.body, error)
        except pydantic.ValidationError as whole:
            return _refused(request, asked, problems.of(whole))
    answer = _post(
        request, sales, source=source, single=False, asked=asked, places=places, refused=refused
    )
    return _given(answer, asked)


def _asked(request: ApiRequest, purpose: str) -> posting.Asked:
    token = request.token = tokens.remembered(request)
    access.check(token, SALES)
    key = idempotency.key_of(request)
    return posting.Asked(
        token=token.pk,
        role=token.role,
        store=_only_store(token),
        ip=request.ip or None,
        request=request.id,
        purpose=purpose,
        scope=f"token:{token.pk} {purpose}",
        key=key,
        fingerprint=_fingerprint(request) if key else None,
    )


def _only_store(token: Token) -> int | None:
    """Head office without a store sells for all; a shop's token for its shop, or for none."""
    return None if tokens.sees_every_store(token) else token.store_id or 0


def _fingerprint(request: ApiRequest) -> bytes:
    query = request.META.get("QUERY_STRING", "").encode()
    return hashlib.sha256(query + b"\n" + request.body).digest()


def _source(request: ApiRequest) -> str:
    """Which till system it is: document numbers are unique in it."""
    query = request.META.get("QUERY_STRING", "")
    if not query:
        return "api"
    said = parse_qs(query, keep_blank_values=True).get("source", ["api"])[-1]
    try:
        return SOURCE_OF.validate_python(said)
    except pydantic.ValidationError as error:
        wrong = [{**error.errors()[0], "loc": ("source",)}]
        raise Problem(422, "invalid", errors=faults(wrong)) from None


def _post(request: ApiRequest, sales: list[SaleIn], **rest: Any) -> posting.Answer:
    try:
        return posting.receive(sales, **rest)
    except posting.Revoked:
        tokens.forget(request)
        raise tokens.unknown() from None


def _given(answer: posting.Answer, asked: posting.Asked) -> HttpResponse:
    """The answer of now, or the one that this key got before."""
    if answer.fingerprint is not None and answer.fingerprint != asked.fingerprint:
        raise idempotency.KeyRefused
    kind = "application/json" if answer.status < 400 else problems.MEDIA_TYPE
    response = HttpResponse(answer.body, status=answer.status, content_type=kind)
    if answer.fingerprint is not None:
        response["Idempotent-Replay"] = "true"
    return response


def _refused(request: ApiRequest, asked: posting.Asked, problem: Problem) -> HttpResponse:
    """Nothing came of it; under its key it stays refused in the same words."""
    tokens.bearer(request)  # nothing was asked of the database yet: does the token still hold?
    response = problems.answer(problem)
    if asked.key is None:
        return response
    return idempotency.settle(
        request, response, scope=asked.scope, key=asked.key, fingerprint=asked.fingerprint or b""
    )


def _one_by_one(
    body: bytes, error: pydantic.ValidationError
) -> tuple[list[SaleIn], list[int], list[dict[str, Any]]]:
    """The good ones with their places, the bad ones with their faults; else the whole is bad."""
    try:
        said = from_json(body)
    except ValueError:
        raise error from None
    rows = said.get("sales") if isinstance(said, dict) and set(said) == {"sales"} else None
    if not isinstance(rows, list) or not 0 < len(rows) <= SALES_MAX:
        raise error
    good: list[SaleIn] = []
    places: list[int] = []
    refused: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        try:
            good.append(SALE.validate_python(row))
            places.append(place)
        except pydantic.ValidationError as wrong:
            number = row.get("document_no") if isinstance(row, dict) else None
            refused.append(
                {
                    "index": place,
                    "document_no": number if isinstance(number, str) and "\0" not in number else "",
                    "outcome": "refused",
                    "error": "invalid",
                    "detail": problems.Problem(422).detail,
                    "errors": faults(wrong.errors(include_url=False)),
                }
            )
    return good, places, refused


class From(shapes.Schema):
    source: Annotated[str, pydantic.StringConstraints(pattern=SOURCE)] = "api"


@router.post(
    "/sales",
    response=answers(shapes.SaleResult, status=201) | {200: shapes.SaleResult},
    url_name="sales",
    openapi_extra=body(SaleIn),
)
def receive(request: ApiRequest, asked: Query[From]) -> Any:
    """Receive one receipt. The same document again changes nothing (200), a changed one is a 409;
    an unknown member or article is kept and found later; a return is a negative quantity."""
    return receive_one(request)


@router.post(
    "/sales/batch",
    response=answers(shapes.BatchResult),
    url_name="sales-batch",
    openapi_extra=body(Batch),
)
def receive_many(request: ApiRequest, asked: Query[From]) -> Any:
    """Receive up to 500 receipts; each is answered for itself."""
    return receive_batch(request)


class Asked(Paging):
    household: shapes.Id | None = None
    store: Annotated[str, text(20)] = ""
    source: Annotated[str, text(30)] = ""
    document_no: Annotated[str, text(60)] = ""
    since: date | None = None


@router.get("/sales", response=answers(Page[shapes.Sale]), url_name="sales-list")
def listed(request: ApiRequest, asked: Query[Asked]) -> Any:
    """Sales, the newest received first."""
    rows = access.sales(request)
    if asked.household:
        rows = rows.filter(household=access.family(request, asked.household))
    wanted = {
        "store__code": asked.store,
        "source": asked.source,
        "document_no": asked.document_no,
        "sold_on__gte": asked.since,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    result = page(rows.select_related("store", "household").prefetch_related("lines"), asked)
    return result | {"items": [_sale(request, sale) for sale in result["items"]]}


@router.get("/sales/{int:pk}", response=answers(shapes.Sale), url_name="sale")
def read(request: ApiRequest, pk: int) -> Any:
    """One sale with its lines."""
    rows = access.sales(request).select_related("store", "household").prefetch_related("lines")
    return _sale(request, access.found(rows, pk))


def _sale(request: ApiRequest, sale: models.Sale) -> dict[str, Any]:
    household = sale.household
    only = request.token.store_id
    if household and only and household.store_id != only:
        household = None  # a family of another store bought here: a sale of nobody's for this token
    if household:
        saw(request, [household.pk], "purchase")
    lines = sorted(sale.lines.all(), key=lambda line: line.line_no)
    plain = ("id", "source", "document_no", "sold_at", "sold_on")
    return {name: getattr(sale, name) for name in plain} | {
        "store": sale.store.code,
        "household": household and household.pk,
        "total": str(sale.total),
        "lines": [
            {
                "line_no": line.line_no,
                "code": line.code,
                "name": line.name,
                "product": line.product_id,
                "quantity": str(line.quantity),
                "amount": str(line.amount),
            }
            for line in lines
        ],
    }
