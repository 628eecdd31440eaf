"""Questions answered: from parameters to events, a page at a time by key and never by number."""

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from warmline.goods.trace import knowing, naming, numbers
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.identity.keys import BadKey, Key, hash_of, parse
from warmline.goods.trace.models import (
    ErrorDeclaration,
    Event,
    EventKey,
    Kind,
    KindEvent,
    Place,
    Unit,
    UnitEvent,
    Word,
)
from warmline.goods.trace.models.events import Role
from warmline.goods.trace.parameters import BadParameter, Question
from warmline.goods.trace.shredding import ACTIONS, SORTS, canonical, spellings

ANY = Role.EPC | Role.PARENT | Role.CHILD | Role.INPUT | Role.OUTPUT
UNIT_ROLES = {
    "MATCH_epc": Role.EPC | Role.CHILD,
    "MATCH_parentID": int(Role.PARENT),
    "MATCH_inputEPC": int(Role.INPUT),
    "MATCH_outputEPC": int(Role.OUTPUT),
    "MATCH_anyEPC": ANY,
}
KIND_ROLES = {
    "MATCH_epcClass": Role.EPC | Role.CHILD,
    "MATCH_inputEPCClass": int(Role.INPUT),
    "MATCH_outputEPCClass": int(Role.OUTPUT),
    "MATCH_anyEPCClass": ANY,
}
COMPARED = {"EQ": "", "GT": "__gt", "GE": "__gte", "LT": "__lt", "LE": "__lte"}
NOTHING = Q(pk__in=[])


class TooLarge(Exception):
    """QueryTooLargeException: more events than whoever asks wants to hear of."""


@dataclass(frozen=True, slots=True)
class Page:
    """Event ids in order, and the token of the next page."""

    ids: list[int]
    next: str = ""


def ask(question: Question, *, token: str = "") -> Page:
    """One page of the answer."""
    rows = Event.objects.filter(condition(question))
    if question.most is not None and rows.order_by()[: question.most + 1].count() > question.most:
        raise TooLarge(question.most)
    by_time = question.order_by == "eventTime"
    down = bool(question.order_by) and question.is_descending
    left = question.limit
    if token:
        left, rows = _after(rows, token, by_time=by_time, down=down)
    sign = "-" if down else ""
    rows = (
        rows.order_by(f"{sign}event_time", f"{sign}id") if by_time else rows.order_by(f"{sign}id")
    )
    size = question.per_page if left is None else min(question.per_page, left)
    found = list(rows.values_list("id", "event_time")[: size + 1])
    shown = found[:size]
    left = None if left is None else left - len(shown)
    if len(found) <= size or left == 0:
        return Page([event for event, _at in shown])
    last, at = shown[-1]
    return Page([event for event, _at in shown], _token(last, at if by_time else None, left))


def _token(event: int, at: datetime | None, left: int | None) -> str:
    said = json.dumps([event, at.isoformat() if at else None, left])
    return base64.urlsafe_b64encode(said.encode()).decode().rstrip("=")


def _after(
    rows: QuerySet[Event], token: str, *, by_time: bool, down: bool
) -> tuple[int | None, QuerySet[Event]]:
    try:
        said = json.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
        event, at, left = int(said[0]), said[1], said[2]
        if not 0 <= event < 2**63 or not (left is None or 0 < int(left) < 2**31):
            raise ValueError(token)
        moment = datetime.fromisoformat(at) if by_time else None
    except (ValueError, TypeError, IndexError, KeyError, binascii.Error, RecursionError):
        raise BadParameter(_("This is no nextPageToken of ours.")) from None
    way = "lt" if down else "gt"
    if moment is None:
        return left, rows.filter(**{f"id__{way}": event})
    further = Q(**{f"event_time__{way}": moment}) | Q(event_time=moment, **{f"id__{way}": event})
    return left, rows.filter(further)


def condition(question: Question) -> Q:
    """The question as a condition on events: all of its parts, any of the values of one."""
    q = Q()
    for name, values in question.lists.items():
        q &= _LISTS[name](values)
    for name, at in question.times.items():
        q &= _time(name, at)
    for how, uom, number in question.quantities:
        q &= _quantity(how, uom, number)
    for what, sort, values in question.typed:
        q &= _typed(what, sort, values)
    for how, family, name, values in question.free:
        q &= _free(how, family, spellings(name, question.namespaces)[-1], values)
    for which, name, values in question.attributes:
        q &= _attribute(which, name, values)
    if question.with_error is not None:
        said = Q(facts__has_key="error")
        q &= said if question.with_error else ~said | Q(facts__isnull=True)
    return q


def _any(parts: Iterable[Q]) -> Q:
    whole = NOTHING
    for part in parts:
        whole = part if whole is NOTHING else whole | part
    return whole


def _sort(values: list[str]) -> Q:
    own = [v for v in values if v not in SORTS]
    return Q(sort__in=[SORTS[v] for v in values if v in SORTS]) | _any(
        Q(facts__contains={"type": v}) for v in own
    )


def _word(column: str, field: str) -> Callable[[list[str]], Q]:
    def match(values: list[str]) -> Q:
        numbers_of = [naming.number_of(Word, full(value, field)) for value in values]
        return Q(**{f"{column}__in": [n for n in numbers_of if n is not None]})

    return match


def _lasting(which: str) -> Callable[[list[str]], Q]:
    return lambda values: _any(Q(facts__contains={which: [full(v, which)]}) for v in values)


def _place(column: str, *, within: bool = False) -> Callable[[list[str]], Q]:
    def match(values: list[str]) -> Q:
        known = {n for n in map(naming.place_number, values) if n is not None}
        level = set(known)
        while within and level:
            inside = Place.objects.filter(inside_id__in=level)
            level = set(inside.values_list("pk", flat=True)) - known
            known |= level
        return Q(**{f"{column}__in": list(known)})

    return match


def _units(mask: int) -> Callable[[list[str]], Q]:
    def match(values: list[str]) -> Q:
        keys = _keys(values)
        known = list(knowing.find([key for key in keys if not key.is_class]).values())
        said = UnitEvent.objects.annotate(named=F("role").bitand(mask)).filter(named__gt=0)
        q = Q(pk__in=said.filter(unit_id__in=known).values("event_id")) if known else NOTHING
        if gtins := [key.gtin for key in keys if key.kind == "gtin"]:  # every tin of an article
            kinds = Kind.objects.filter(uri__in=[f"https://id.gs1.org/01/{g}" for g in gtins])
            of_them = Unit.objects.filter(kind_id__in=kinds.values("pk")).values("unit_id")
            q |= Q(pk__in=said.filter(unit_id__in=of_them).values("event_id"))
        return q

    return match


def _kinds(mask: int) -> Callable[[list[str]], Q]:
    def match(values: list[str]) -> Q:
        known = Kind.objects.filter(uri__in=[key.uri for key in _keys(values)])
        said = KindEvent.objects.annotate(named=F("role").bitand(mask)).filter(named__gt=0)
        return Q(pk__in=said.filter(kind_id__in=known.values("pk")).values("event_id"))

    return match


def _keys(values: list[str]) -> list[Key]:
    try:
        return [parse(value) for value in values]
    except BadKey as bad:
        raise BadParameter(_("This is no key: %(uri)s") % {"uri": bad.uri[:120]}) from None


def _named(values: list[str]) -> Q:
    hashes = [hash_of(value) for value in values]
    first = EventKey.objects.filter(hash__in=hashes).values("event_id")
    taken_back = ErrorDeclaration.objects.filter(hash__in=hashes).values("event_id")
    return Q(pk__in=first) | Q(pk__in=taken_back)


def _fact(name: str, spelt: Callable[[str], str] = canonical) -> Callable[[list[str]], Q]:
    return lambda values: _any(Q(facts__contains={name: spelt(v)}) for v in values)


_LISTS: dict[str, Callable[[list[str]], Q]] = {
    "eventType": _sort,
    "EQ_action": lambda values: Q(action__in=[ACTIONS[v] for v in values]),
    "EQ_bizStep": _word("biz_step", "bizStep"),
    "EQ_disposition": _word("disposition", "disposition"),
    "EQ_persistentDisposition_set": _lasting("set"),
    "EQ_persistentDisposition_unset": _lasting("unset"),
    "EQ_readPoint": _place("read_point"),
    "WD_readPoint": _place("read_point", within=True),
    "EQ_bizLocation": _place("biz_location"),
    "WD_bizLocation": _place("biz_location", within=True),
    "EQ_transformationID": _fact("transformationID"),
    "EQ_eventID": _named,
    "EQ_errorReason": lambda values: _any(
        Q(facts__contains={"error": {"why": full(v, "reason")}}) for v in values
    ),
    "EQ_correctiveEventID": lambda values: _any(
        Q(facts__contains={"error": {"fixed": [v]}}) for v in values
    ),
    **{name: _units(mask) for name, mask in UNIT_ROLES.items()},
    **{name: _kinds(mask) for name, mask in KIND_ROLES.items()},
}


def _time(name: str, at: datetime) -> Q:
    how, _sep, what = name.partition("_")
    way = {"GE": "gte", "LT": "lt"}[how]
    if what == "eventTime":
        return Q(**{f"event_time__{way}": at})
    if what == "recordTime":
        floor = min(numbers.floor_of(at), 2**63 - 1)
        return Q(**{f"id__{way}": floor})
    text = at.astimezone(UTC).isoformat(timespec="milliseconds")
    return Q(**{f"facts__error__time__{way}": text})


def _quantity(how: str, uom: str, number: float) -> Q:
    rows = KindEvent.objects.filter(event_id=OuterRef("pk"), **{f"quantity{COMPARED[how]}": number})
    return Q(Exists(rows.filter(uom=uom) if uom else rows))


def _typed(what: str, sort: str, values: list[str]) -> Q:
    kind = full(sort, "bizTransactionType" if what == "bizTransaction" else "sourceType")
    return _any(Q(facts__contains={what: {kind: [canonical(v)]}}) for v in values)


def _free(how: str, family: str, name: str, values: list[str]) -> Q:
    if how == "EXISTS":
        return Q(**{f"facts__{family}__has_key": name})
    if how == "EQ":
        return _any(Q(facts__contains={family: {name: [v]}}) for v in values)
    from warmline.goods.trace.comparing import FieldCompares

    if len(values) != 1:
        raise BadParameter(_("One value is compared, not several."))
    return Q(FieldCompares.of(family, name, how, values[0]))


def _attribute(which: str, name: str, values: list[str]) -> Q:
    has = Place.objects.filter(facts__has_key=name)
    if values:
        has = has.filter(_any(Q(facts__contains={name: v}) for v in values))
    column = {"readPoint": "read_point", "bizLocation": "biz_location"}[which]
    return Q(**{f"{column}__in": has.values("pk")})
