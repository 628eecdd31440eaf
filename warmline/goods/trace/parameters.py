"""The standard's query parameters: each known by name, read by its kind, and none ignored.

A question is a plain mapping, as it comes in a URL or in a kept query. What the standard does not
know, a value that cannot be read and parameters that exclude each other are refused by name.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

LIST_MAX = 200
TEXT_MAX = 500


class BadParameter(ValueError):
    """QueryParameterException: which parameter, and what is wrong with it."""


class NotServed(ValueError):
    """ImplementationException: the standard knows it and we do not (sensor queries)."""


LISTS = frozenset(
    "eventType EQ_action EQ_bizStep EQ_disposition EQ_persistentDisposition_set"
    " EQ_persistentDisposition_unset EQ_readPoint WD_readPoint EQ_bizLocation WD_bizLocation"
    " EQ_transformationID EQ_eventID MATCH_epc MATCH_parentID MATCH_inputEPC MATCH_outputEPC"
    " MATCH_anyEPC MATCH_epcClass MATCH_inputEPCClass MATCH_outputEPCClass MATCH_anyEPCClass"
    " EQ_errorReason EQ_correctiveEventID".split()
)
TIMES = frozenset(
    "GE_eventTime LT_eventTime GE_recordTime LT_recordTime GE_errorDeclarationTime"
    " LT_errorDeclarationTime".split()
)
RENAMED = {  # the schema and the OpenAPI do not agree
    "GE_errorDeclaration_Time": "GE_errorDeclarationTime",
    "LT_errorDeclaration_Time": "LT_errorDeclarationTime",
}
FLAGS = frozenset({"EXISTS_errorDeclaration"})
COUNTS = frozenset({"eventCountLimit", "maxEventCount", "perPage"})
WORDS = {"orderBy": ("eventTime", "recordTime"), "orderDirection": ("ASC", "DESC")}
ACTIONS = frozenset({"ADD", "OBSERVE", "DELETE"})
PAGING = frozenset({"perPage", "nextPageToken"})
NAMED = LISTS | TIMES | FLAGS | COUNTS | PAGING | set(WORDS) | set(RENAMED)
FAMILIES = (  # parameters whose name says a part of what is asked
    "EQ_quantity EQ_bizTransaction_… EQ_source_… EQ_destination_… EQ_ILMD_… EXISTS_ILMD_…"
    " EQ_ERROR_DECLARATION_… HASATTR_readPoint EQATTR_readPoint_… EQ_<namespace>:…".split()
)
SENSOR = re.compile(
    r"(GE|LT)_(startTime|endTime)|EQ_(type|deviceID|dataProcessingMethod|microorganism|bizRules"
    r"|chemicalSubstance|stringValue|hexBinaryValue|uriValue|booleanValue)"
    r"|(EQ|GT|GE|LT|LE)_(value|minValue|maxValue|meanValue|sDev|percValue|percRank)(_.+)?"
    r"|(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?SENSOR(ELEMENT|METADATA|REPORT)_.+"
)
QUANTITY = re.compile(r"(EQ|GT|GE|LT|LE)_quantity(?:_([A-Z0-9]{1,4}))?")
TYPED = re.compile(r"EQ_(bizTransaction|source|destination)_(.+)")
FREE = re.compile(
    r"(EQ|GT|GE|LT|LE|EXISTS)_(INNER_)?(ILMD_|ERROR_DECLARATION_)?([^_:/]+(?::|://).+)"
)
ATTRIBUTES = re.compile(r"(HASATTR|EQATTR)_(readPoint|bizLocation)(?:_(.+))?")


@dataclass(slots=True)
class Question:
    """What is asked, each value in its own kind."""

    said: dict[str, Any]
    lists: dict[str, list[str]] = field(default_factory=dict)
    times: dict[str, datetime] = field(default_factory=dict)
    quantities: list[tuple[str, str, float]] = field(default_factory=list)
    typed: list[tuple[str, str, list[str]]] = field(default_factory=list)
    free: list[tuple[str, str, str, list[str]]] = field(default_factory=list)
    attributes: list[tuple[str, str, list[str]]] = field(default_factory=list)
    with_error: bool | None = None
    order_by: str = ""
    is_descending: bool = True
    limit: int | None = None
    most: int | None = None
    per_page: int = 30
    namespaces: dict[str, str] = field(default_factory=dict)


def read(said: Mapping[str, Any]) -> Question:
    """The question in these parameters; raises `BadParameter` or `NotServed`."""
    question = Question(dict(said))
    for name, value in said.items():
        if name == "@context":
            _take_context(question, value)
        elif name not in ("nextPageToken", "queryType"):
            _take(question, RENAMED.get(name, name), value)
    if question.limit is not None and question.most is not None:
        raise BadParameter(_("eventCountLimit and maxEventCount exclude each other."))
    if question.limit is not None and not question.order_by:
        raise BadParameter(_("eventCountLimit needs orderBy."))
    return question


def _take_context(question: Question, value: Any) -> None:
    for part in value if isinstance(value, list) else [value]:
        if isinstance(part, dict):
            question.namespaces |= {k: v for k, v in part.items() if isinstance(v, str)}


def _take(question: Question, name: str, value: Any) -> None:
    if name in LISTS:
        values = question.lists[name] = _listed(name, value)
        if name == "EQ_action" and not ACTIONS.issuperset(values):
            raise _wrong(name, value)
    elif name in TIMES:
        question.times[name] = _instant(name, value)
    elif name in FLAGS:
        question.with_error = _flag(name, value)
    elif name in COUNTS:
        _count(question, name, value)
    elif name in WORDS:
        _order(question, name, value)
    elif SENSOR.fullmatch(name):
        raise NotServed(_("Questions about sensors are not served: %(name)s") % {"name": name})
    else:
        _take_family(question, name, value)


def _take_family(question: Question, name: str, value: Any) -> None:
    if found := QUANTITY.fullmatch(name):
        question.quantities.append((found[1], found[2] or "", _number(name, value)))
    elif found := TYPED.fullmatch(name):
        question.typed.append((found[1], found[2], _listed(name, value)))
    elif found := ATTRIBUTES.fullmatch(name):
        if (found[1] == "EQATTR") != bool(found[3]):
            raise unknown(name)
        if found[1] == "HASATTR":
            question.attributes += [(found[2], one, []) for one in _listed(name, value)]
        else:
            question.attributes.append((found[2], found[3], _listed(name, value)))
    elif found := FREE.fullmatch(name):
        family = {"ILMD_": "ilmd", "ERROR_DECLARATION_": "error_ext"}.get(found[3] or "", "ext")
        if found[2]:
            family += "_inner"
        values = [] if found[1] == "EXISTS" else _listed(name, value)
        question.free.append((found[1], family, found[4], values))
    else:
        raise unknown(name)


def unknown(name: str, known: Collection[str] | None = None) -> BadParameter:
    """The standard's QueryParameterException, with what there is instead; nothing is ignored."""
    names = [*sorted(NAMED), *FAMILIES] if known is None else sorted(known)
    told = {"name": name[:80], "known": ", ".join(names)}
    if names:
        return BadParameter(_("There is no parameter %(name)s here. There are: %(known)s.") % told)
    return BadParameter(_("There is no parameter %(name)s here: this address takes none.") % told)


def _wrong(name: str, value: Any) -> BadParameter:
    said = {"name": name[:80], "value": str(value)[:80]}
    return BadParameter(_("%(name)s cannot be %(value)s.") % said)


def _listed(name: str, value: Any) -> list[str]:
    """Several values, piped in a URL and an array in a document."""
    many = value if isinstance(value, list) else str(value).split("|")
    if not 0 < len(many) <= LIST_MAX:
        raise _wrong(name, value)
    texts = []
    for one in many:
        if isinstance(one, dict | list) or one is None or isinstance(one, bool):
            raise _wrong(name, value)
        text = str(one)
        if not text or len(text) > TEXT_MAX or "\0" in text or not _is_text(text):
            raise _wrong(name, value)
        texts.append(text)
    return texts


def _is_text(text: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in text)


def _instant(name: str, value: Any) -> datetime:
    try:
        at = datetime.fromisoformat(str(value).replace(" ", "+"))
        if at.tzinfo is None:
            raise ValueError(value)
        return at.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _wrong(name, value) from None


def _flag(name: str, value: Any) -> bool:
    if value in (True, "true", "", None):
        return True
    if value in (False, "false"):
        return False
    raise _wrong(name, value)


def _number(name: str, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError(value)
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise _wrong(name, value) from None
    if number != number or number in (float("inf"), float("-inf")):
        raise _wrong(name, value)
    return number


def _count(question: Question, name: str, value: Any) -> None:
    number = _number(name, value)
    if number != int(number) or not 0 < number < 2**31:
        raise _wrong(name, value)
    match name:
        case "eventCountLimit":
            question.limit = int(number)
        case "maxEventCount":
            question.most = int(number)
        case _:
            question.per_page = min(int(number), 1_000)


def _order(question: Question, name: str, value: Any) -> None:
    if value not in WORDS[name]:
        raise _wrong(name, value)
    if name == "orderBy":
        question.order_by = str(value)
    else:
        question.is_descending = value == "DESC"
