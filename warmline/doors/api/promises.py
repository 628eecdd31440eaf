"""Promises and contacts: what is owed, and what was said."""

import uuid
from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router, Status

from warmline.base.idempotency import key_of
from warmline.core.contacts.models import Contact
from warmline.core.people.reading import saw
from warmline.core.promises.models import Promise
from warmline.doors.api import access, shapes
from warmline.doors.api.access import FAMILIES, may
from warmline.doors.api.door import answers
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.shapes import text
from warmline.doors.api.tokens import ApiRequest
from warmline.service.care.calls import Next, log_call

router = Router(tags=["promises and contacts"])


class PromisesAsked(Paging):
    household: shapes.Id | None = None
    store: Annotated[str, text(20)] = ""
    status: Literal["", "made", "kept", "broken", "waived"] = ""
    kind: Annotated[str, text(40)] = ""
    due_before: datetime | None = None


@router.get("/promises", response=answers(Page[shapes.Promise]), url_name="promises")
def promises(request: ApiRequest, asked: Query[PromisesAsked]) -> Any:
    """What was promised, the newest first."""
    rows = access.promises(request).select_related("store", "keeper", "script")
    if asked.household:
        rows = rows.filter(household=access.family(request, asked.household))
    wanted = {
        "store__code": asked.store,
        "status": asked.status,
        "kind": asked.kind,
        "due_at__lt": asked.due_before,
    }
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    result = page(rows, asked)
    return result | {"items": [_promise(request, promise) for promise in result["items"]]}


@router.get("/promises/{int:pk}", response=answers(shapes.Promise), url_name="promise")
def promise(request: ApiRequest, pk: int) -> Any:
    return _promise(request, access.promise(request, pk))


@router.post("/promises/{int:pk}/keeping", response=answers(shapes.Promise), url_name="keeping")
@may(FAMILIES)
def keep(request: ApiRequest, pk: int) -> Any:
    """It was done. Late is still owed: a broken promise is made good, and stays broken."""
    promise = access.promise(request, pk)
    promise.keep()
    return _promise(request, promise)


@router.post("/promises/{int:pk}/waiver", response=answers(shapes.Promise), url_name="waiver")
@may(FAMILIES)
def waive(request: ApiRequest, pk: int, waiver: shapes.Waiver) -> Any:
    """It is not owed any more; say why. A broken one is let off, and stays broken."""
    promise = access.promise(request, pk)
    promise.waive(waiver.reason)
    return _promise(request, promise)


class ContactsAsked(Paging):
    household: shapes.Id | None = None


@router.get("/contacts", response=answers(Page[shapes.Contact]), url_name="contacts")
def contacts(request: ApiRequest, asked: Query[ContactsAsked]) -> Any:
    """Conversations and attempts, the newest logged first."""
    rows = access.contacts(request).select_related("store", "staff")
    if asked.household:
        rows = rows.filter(household=access.family(request, asked.household))
    result = page(rows, asked)
    return result | {"items": [_contact(request, contact) for contact in result["items"]]}


@router.post(
    "/households/{int:pk}/contacts",
    response=answers(shapes.ContactLogged, status=201),
    url_name="new-contact",
)
@may(FAMILIES)
def log(request: ApiRequest, pk: int, contact: shapes.ContactIn) -> Any:
    """Log a conversation or an attempt; the same follows as when a guide logs it. It keeps its
    `promise` (late, it makes it good) or counts a try; "refused" withdraws the consent to calls and
    waives those that are owed; "weaned", "switched" and "bought" correct the forecast; `next_at` is
    another promise, without which there is no "later"."""
    household = access.family(request, pk)
    promise = None
    if contact.promise:
        owed = access.promises(request).filter(household=household).select_related("child")
        promise = access.found(owed, contact.promise)
    next_at = _instant(contact.next_at)
    call = log_call(
        key=f"api:{request.token.pk}:{key_of(request) or uuid.uuid4()}"[:80],
        household=household,
        by=None,
        outcome=contact.outcome,
        promise=promise,
        note=contact.note,
        medium=contact.medium,
        purpose=contact.purpose or "",
        is_inbound=contact.is_inbound,
        at=_instant(contact.at),
        next_=Next(next_at, contact.next_words) if next_at else None,
    )
    following = call.next_promise and call.next_promise.pk
    return Status(201, _contact(request, call.contact) | {"next_promise": following})


def _instant(at: datetime | None) -> datetime | None:
    return at if at is None or at.tzinfo else at.astimezone()


def _promise(request: ApiRequest, promise: Promise) -> dict[str, Any]:
    saw(request, [promise.household_id], "promise")
    return {
        "id": promise.pk,
        "kind": promise.kind,
        "household": promise.household_id,
        "store": promise.store.code,
        "keeper": promise.keeper and promise.keeper.code,
        "title": str(promise.script.title) if promise.script else "",
        "words": promise.words,
        "why": promise.why,
        "due_at": promise.due_at,
        "status": promise.status,
        "standing": promise.standing,
        "state": promise.state,
        "waived_for": promise.waived_for,
        "done_at": promise.done_at,
    }


def _contact(request: ApiRequest, contact: Contact) -> dict[str, Any]:
    saw(request, [contact.household_id], "note")
    plain = ("id", "medium", "purpose", "outcome", "is_inbound", "note", "at")
    return {name: getattr(contact, name) for name in plain} | {
        "household": contact.household_id,
        "store": contact.store.code,
        "staff": contact.staff and contact.staff.code,
        "promise": contact.promise_id,
    }
