"""Cases: what other systems hear from families, suppliers and colleagues comes in here (a hotline, a
shop, a chat), and how it stands can be read."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic
from django.db import transaction
from django.http import HttpResponse
from django.urls import ResolverMatch, resolve
from ninja import Query, Router, Schema
from pydantic import Field, TypeAdapter

from warmline.base import sql
from warmline.base.idempotency import key_of, once
from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.core.people import reading
from warmline.core.people.models import Staff, Store
from warmline.core.people.reading import saw
from warmline.doors.api import access, problems, shapes, tokens
from warmline.doors.api.access import FAMILIES, may
from warmline.doors.api.door import answers, body
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.problems import Problem
from warmline.doors.api.shapes import In, text
from warmline.doors.api.tokens import ApiRequest, visitor
from warmline.service.desk.models import Case
from warmline.service.desk.noting import note
from warmline.service.desk.receiving import Asker, receive

router = Router(tags=["cases"])
READERS = FAMILIES | {Staff.Role.AUDITOR}
StateName = Literal[
    "", "open", "working", "waiting", "review", "feedback", "settled", "merged"
]  # fmt: skip


class ContactCame(In):
    words: Annotated[str, text(4000, 1)]
    channel: Literal["phone", "api", "walk_in"] = "api"
    from_whom: Literal["family", "supplier", "dealer", "colleague", "other"] = "family"
    name: Annotated[str, text(40)] = ""
    phone: Annotated[str, text(30)] = Field("", description=shapes.PHONE)
    store: Annotated[str, text(20)] = Field("", description="Code; empty: the family's store")
    kind: Annotated[str, text(20)] = Field("", description="Code of a kind of matter")
    subject: Annotated[str, text(200)] = ""


class CaseShape(Schema):
    id: int
    code: str
    state: str
    kind: str
    store: str
    household: int | None
    owner: str | None
    urgency: int
    opened_at: datetime
    answer_by: datetime | None
    promise_by: datetime | None
    finish_by: datetime | None
    due_at: datetime | None
    outcome: str


class CaseCame(CaseShape):
    arrival: str
    is_new: bool


CONTACT: TypeAdapter[ContactCame] = TypeAdapter(ContactCame)
CASE_CAME: TypeAdapter[CaseCame] = TypeAdapter(CaseCame)
CAME = Path(__file__).with_name("came.sql")


class CasesAsked(Paging):
    state: StateName = ""
    store: Annotated[str, text(20)] = ""
    open: bool = False


@dataclass(frozen=True)
class Meant:
    """What was said, and what of it we know; or why it cannot be."""

    contact: ContactCame | None
    store: Store | None = None  # none: the family's
    problem: Problem | None = None


def receive_one(request: ApiRequest) -> HttpResponse:
    """A contact as it comes over the wire: the entrance calls it before URL resolution and ninja.
    What cannot be is refused before anything is written."""
    token = request.token = tokens.remembered(request)
    request.resolver_match = address()
    access.check(token, FAMILIES)
    with transaction.atomic():
        meant = _meant(request)
        response = once(
            request,
            lambda: _answered(request, meant),
            scope=f"token:{token.pk} POST {address().route}",
            refuses_first=True,
        )
        if response.status_code < 300:
            reading.write(request)
    assert isinstance(response, HttpResponse)
    return response


@cache
def address() -> ResolverMatch:
    return resolve("/api/v1/cases")


def _meant(request: ApiRequest) -> Meant:
    """Read it, and look up what it names; and whether the token still holds."""
    try:
        contact, problem = CONTACT.validate_json(request.body), None
    except pydantic.ValidationError as error:
        contact, problem = None, problems.of(error)
    token = request.token
    code, kind = (contact.store, contact.kind) if contact else ("", "")
    asked = {"token": token.pk, "store": code, "own": token.store_id, "kind": kind}
    found = sql.first(CAME, asked)
    assert found
    holds, named, own, is_kind = found
    if not holds:
        tokens.forget(request)
        raise tokens.unknown()
    if kind and not is_kind:
        problem = Problem(422, "unknown_kind", kind)
    elif code and (named is None or token.store_id not in (None, named["id"])):
        problem = Problem(422, "unknown_store", code)
    row = named or own
    return Meant(contact, sql.read_back(Store, row) if row else None, problem)


def _answered(request: ApiRequest, meant: Meant) -> HttpResponse:
    try:
        if meant.problem or not meant.contact:
            raise meant.problem or Problem(422)
        said = _taken_in(request, meant.contact, meant.store)
    except Problem as problem:
        return problems.answer(problem)
    answer = CASE_CAME.dump_json(CaseCame(**said))
    return HttpResponse(answer, status=201, content_type="application/json; charset=utf-8")


def _taken_in(request: ApiRequest, contact: ContactCame, store: Store | None) -> dict[str, Any]:
    phone = _phone(contact.phone)
    key = f"{request.token.pk}:{key_of(request) or uuid.uuid4()}"[:120]
    note(contact.channel, key, store=store)
    received = receive(
        channel=contact.channel,
        words=contact.words,
        subject=contact.subject,
        asker=Asker(name=contact.name, phone=phone, from_whom=contact.from_whom),
        store=store,
        kind=contact.kind,
        key=key,
    )
    more = {"arrival": received.arrival.code, "is_new": received.is_new}
    return _case(request, received.case) | more


@router.post(
    "/cases",
    response=answers(CaseCame, status=201),
    url_name="new-case",
    openapi_extra=body(ContactCame),
)
def came(request: ApiRequest) -> Any:
    """Somebody asked something of us. The answer is given when it is a case with an owner or a queue
    and a deadline; the same `Idempotency-Key` is the same contact."""
    return receive_one(request)


@router.get("/cases", response=answers(Page[CaseShape]), url_name="cases")
@may(READERS)
def cases(request: ApiRequest, asked: Query[CasesAsked]) -> Any:
    """Cases, the newest first."""
    rows = _seen(request).select_related("kind", "store", "owner")
    if asked.open:
        rows = rows.open()
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.store:
        rows = rows.filter(store__code=asked.store)
    result = page(rows, asked)
    return result | {"items": [_case(request, case) for case in result["items"]]}


@router.get("/cases/{int:pk}", response=answers(CaseShape), url_name="case")
@may(READERS)
def case(request: ApiRequest, pk: int) -> Any:
    found = access.found(_seen(request).select_related("kind", "store", "owner"), pk)
    return _case(request, found)


def _seen(request: ApiRequest) -> Any:
    """A token of one store sees that store, whatever its role."""
    if store := request.token.store_id:
        return Case.objects.filter(store_id=store)
    return Case.objects.seen_by(visitor(request.token))


def _phone(said: str) -> str:
    try:
        return parse_phone(said, short_codes=True) or ""
    except BadCell as error:
        raise Problem(422, "phone", error.sentence) from error


def _case(request: ApiRequest, case: Case) -> dict[str, Any]:
    if case.household_id:
        saw(request, [case.household_id], "case")
    return {
        "id": case.pk,
        "code": case.code,
        "state": case.state,
        "kind": case.kind.code,
        "store": case.store.code,
        "household": case.household_id,
        "owner": case.owner and case.owner.code,
        "urgency": case.urgency,
        "opened_at": case.opened_at,
        "answer_by": case.answer_by,
        "promise_by": case.promise_by,
        "finish_by": case.finish_by,
        "due_at": case.due_at,
        "outcome": case.outcome,
    }
