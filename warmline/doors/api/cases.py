"""Cases: what other systems hear from families, suppliers and colleagues comes in here (a hotline, a
shop, a chat), and how it stands can be read."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

import pydantic
from django.db import transaction
from django.http import HttpResponse
from django.urls import ResolverMatch, resolve
from ninja import Query, Router, Schema
from pydantic import Field, TypeAdapter
from pydantic_core import to_json

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
from warmline.service.desk.noting import HandedOn, note_handed_on
from warmline.service.desk.receiving import Asker, receive, take_turn

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
NOBODY = Asker()


class CasesAsked(Paging):
    state: StateName = ""
    store: Annotated[str, text(20)] = ""
    open: bool = False


@dataclass(frozen=True)
class Meant:
    """What was said, and what of it we know; or why it cannot be."""

    key: str  # the channel's own
    contact: ContactCame | None
    asker: Asker = NOBODY
    store: Store | None = None  # none: the family's
    problem: Problem | None = None


def receive_one(request: ApiRequest) -> HttpResponse:
    """A contact as it comes over the wire: the entrance calls it before URL resolution and ninja.
    What cannot be is refused before anything is written; the channel's line is written before all."""
    token = request.token = tokens.remembered(request)
    request.resolver_match = address()
    access.check(token, FAMILIES)
    key = key_of(request)
    meant = _meant(request, key or str(uuid.uuid4()))
    channel = meant.contact.channel if meant.contact else ""
    with transaction.atomic():
        response = once(
            request,
            lambda: _answered(request, meant, is_alone=key is not None),
            scope=f"token:{token.pk} POST {address().route}",
            refuses_first=True,
            take=lambda said: take_turn(said, meant.asker, channel=channel, key=meant.key),
            keep=reading.keep,
        )
        if response.status_code < 300:
            reading.write(request)
    assert isinstance(response, HttpResponse)
    return response


@cache
def address() -> ResolverMatch:
    return resolve("/api/v1/cases")


def _meant(request: ApiRequest, key: str) -> Meant:
    """Read it, and look up what it names; and whether the token still holds."""
    key = f"{request.token.pk}:{key}"
    try:
        contact = CONTACT.validate_json(request.body)
        asker = Asker(name=contact.name, phone=_phone(contact.phone), from_whom=contact.from_whom)
    except pydantic.ValidationError as error:
        return _refused(request, key, problems.of(error))
    except Problem as no:
        return _refused(request, key, no)
    named = note_handed_on(
        contact.channel, key, token=request.token, store=contact.store, kind=contact.kind
    )
    _holds(request, named)
    return Meant(key, contact, asker, named.store, _not_there(named, contact))


def _not_there(named: HandedOn, contact: ContactCame) -> Problem | None:
    if not named.is_kind:
        return Problem(422, "unknown_kind", contact.kind)
    return None if named.is_store else Problem(422, "unknown_store", contact.store)


def _refused(request: ApiRequest, key: str, problem: Problem) -> Meant:
    """It cannot be read: nothing is noted, but whether the token still holds is asked all the same."""
    _holds(request, note_handed_on("", None, token=request.token, store="", kind=""))
    return Meant(key, None, problem=problem)


def _holds(request: ApiRequest, named: HandedOn) -> None:
    if not named.holds:
        tokens.forget(request)
        raise tokens.unknown()


def _answered(request: ApiRequest, meant: Meant, *, is_alone: bool) -> HttpResponse:
    try:
        if meant.problem or not meant.contact:
            raise meant.problem or Problem(422)
        contact = meant.contact
        received = receive(
            channel=contact.channel,
            words=contact.words,
            subject=contact.subject,
            asker=meant.asker,
            store=meant.store,
            kind=contact.kind,
            key=meant.key,
            is_alone=is_alone,
        )
    except Problem as problem:
        return problems.answer(problem)
    more = {"arrival": received.arrival.code, "is_new": received.is_new}
    answer = to_json(_case(request, received.case) | more)
    return HttpResponse(answer, status=201, content_type="application/json; charset=utf-8")


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
