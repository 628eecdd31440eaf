"""Cases: what other systems hear from families, suppliers and colleagues comes in here (a hotline, a
shop, a chat), and how it stands can be read."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Schema, Status
from pydantic import Field

from warmline.base.idempotency import key_of
from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.core.people.models import Staff, Store
from warmline.core.people.reading import saw
from warmline.doors.api import access, shapes
from warmline.doors.api.access import FAMILIES, may
from warmline.doors.api.door import answers
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.problems import Problem
from warmline.doors.api.shapes import In, text
from warmline.doors.api.tokens import ApiRequest, visitor
from warmline.service.desk.models import Case, CaseKind
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


class CasesAsked(Paging):
    state: StateName = ""
    store: Annotated[str, text(20)] = ""
    open: bool = False


@router.post("/cases", response=answers(CaseCame, status=201), url_name="new-case")
@may(FAMILIES)
def came(request: ApiRequest, contact: ContactCame) -> Any:
    """Somebody asked something of us. The answer is given when it is a case with an owner or a queue
    and a deadline; the same `Idempotency-Key` is the same contact."""
    key = f"{request.token.pk}:{key_of(request) or uuid.uuid4()}"[:120]
    store = _store(request, contact.store)
    kind = CaseKind.objects.filter(code=contact.kind, is_on=True).first()
    if contact.kind and kind is None:
        raise Problem(422, "unknown_kind", contact.kind)
    asker = Asker(name=contact.name, phone=_phone(contact.phone), from_whom=contact.from_whom)
    note(contact.channel, key, store=store)
    received = receive(
        channel=contact.channel,
        words=contact.words,
        subject=contact.subject,
        asker=asker,
        store=store,
        kind=contact.kind,
        key=key,
    )
    more = {"arrival": received.arrival.code, "is_new": received.is_new}
    return Status(201, _case(request, received.case) | more)


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


def _store(request: ApiRequest, code: str) -> Store | None:
    if not code:
        return request.token.store
    store = Store.objects.filter(code=code, is_open=True).first()
    if store is None or request.token.store_id not in (None, store.pk):
        raise Problem(422, "unknown_store", code)
    return store


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
