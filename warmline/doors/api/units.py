"""Single tins at a till: whether one may go home, that it did, and that it came back."""

from datetime import timedelta
from typing import Annotated, Any

from django.http import Http404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Status
from pydantic import AwareDatetime

from warmline.base.clock import now
from warmline.core.people.models import Member
from warmline.core.people.reading import saw
from warmline.doors.api import access, shapes
from warmline.doors.api.access import SALES, may
from warmline.doors.api.door import answers
from warmline.doors.api.problems import Problem
from warmline.doors.api.shapes import text
from warmline.doors.api.tokens import ApiRequest
from warmline.goods.trace import knowing, selling
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.identity.scanned import read
from warmline.goods.trace.verdicts import Verdict, verdict

router = Router(tags=["units"])
TOLD_MAX, CLOCKS_DIFFER = timedelta(days=7), timedelta(minutes=5)


class Said(shapes.Schema):
    """What is known of a tin."""

    code: str
    word: str
    may_be_sold: bool
    sentence: str
    lot: str | None = None
    expires_on: str | None = None


class Sold(shapes.In):
    code: Annotated[str, text(300, 1)]
    store: Annotated[str, text(20, 1)]
    member_no: Annotated[str, text(40)] = ""
    document_no: Annotated[str, text(60)] = ""
    sold_at: AwareDatetime | None = Field(
        None,
        description="When it was sold, if the till had no network then: at most seven days ago. It has gone"
        " home, so it is kept, recalled or not; the answer says what is to be done.",
    )


class Back(shapes.In):
    code: Annotated[str, text(300, 1)]
    store: Annotated[str, text(20, 1)]


class Asked(shapes.Schema):
    code: Annotated[str, text(300, 1)]


@router.get("/units", response=answers(Said), url_name="unit")
@may(SALES)
def look(request: ApiRequest, asked: Query[Asked]) -> Any:
    """Whether this tin may be sold; the code as any scanner read it."""
    uri, unit = _unit(asked.code)
    return _said(uri, verdict(unit))


@router.post("/units/sale", response=answers(Said, status=201), url_name="unit-sale")
@may(SALES)
def sell(request: ApiRequest, sold: Sold) -> Any:
    """The tin goes home: once until it returns. 409 with the reason if it may not."""
    store = access.store(request, sold.store)
    if sold.sold_at and not now() - TOLD_MAX <= sold.sold_at <= now() + CLOCKS_DIFFER:
        raise Problem(
            422, "sold_at", _("It was sold within the last seven days, and not later than now.")
        )
    uri, unit = _unit(sold.code)
    if unit is None:
        raise Problem(409, "unknown", str(verdict(None).sentence))
    household = None
    if sold.member_no:
        member = Member.objects.select_related("household").filter(member_no=sold.member_no).first()
        household = member.household if member else None
    try:
        selling.sell(
            unit, store=store, household=household, at=sold.sold_at, document_no=sold.document_no
        )
    except selling.CannotSell as refused:
        raise Problem(409, str(refused.verdict.word), refused.sentence) from None
    if household and household.store_id == store.pk:
        saw(request, [household.pk], "purchase")
    return Status(201, _said(uri, verdict(unit)))


@router.post("/units/return", response=answers(Said), url_name="unit-return")
@may(SALES)
def take_back(request: ApiRequest, back: Back) -> Any:
    """The tin came back over the counter."""
    store = access.store(request, back.store)
    uri, unit = _unit(back.code)
    try:
        selling.take_back(unit or 0, store=store)
    except selling.NotSold as error:
        raise Problem(409, "not_sold", str(error.sentence)) from None
    return _said(uri, verdict(unit))


def _unit(code: str) -> tuple[str, int | None]:
    try:
        key = parse(read(code).uri)
    except BadKey as bad:
        raise Problem(422, "code", bad.reason) from None
    if not key.is_instance:
        raise Http404
    return key.uri, knowing.find([key]).get(key.uri)


def _said(uri: str, said: Verdict) -> dict[str, Any]:
    lot = said.lot
    return {
        "code": uri,
        "word": str(said.word),
        "may_be_sold": said.may_be_sold,
        "sentence": said.sentence,
        "lot": lot.number if lot else None,
        "expires_on": lot.expires_on.isoformat() if lot and lot.expires_on else None,
    }
