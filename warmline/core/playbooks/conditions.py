"""Conditions: what has to hold of the facts, as a list that a form writes and a jsonpath that
PostgreSQL matches (`facts @@ condition`).

    [{"fact": "tier", "is": "at_least", "value": 2}]  ↔  $.tier >= 2
"""

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.core.playbooks.facts import Fact, Type, facts_of

MAX = 20
VALUES_MAX = 50
TEXT_MAX = 200
ALWAYS = "true"

COMPARISONS: Mapping[str, Any] = {
    "equal": gettext_lazy("is"),
    "not": gettext_lazy("is not"),
    "at_least": gettext_lazy("is at least"),
    "at_most": gettext_lazy("is at most"),
    "one_of": gettext_lazy("is one of"),
    "none_of": gettext_lazy("is none of"),
}
OF_NUMBERS = ("at_least", "at_most")
OF_LISTS = ("one_of", "none_of")


def _not(predicate: str) -> str:
    """A text that is compared with a number is neither equal nor not, for jsonpath; for us it is
    not."""
    return f"(!({predicate}) || (({predicate}) is unknown))"


def _any(fact: str, values: list[str]) -> str:
    return "(" + " || ".join(f"{fact} == {value}" for value in values) + ")"


WRITE: Mapping[str, Callable[[str, list[str]], str]] = {
    "equal": lambda fact, values: f"{fact} == {values[0]}",
    "not": lambda fact, values: _not(f"{fact} == {values[0]}"),
    "at_least": lambda fact, values: f"{fact} >= {values[0]}",
    "at_most": lambda fact, values: f"{fact} <= {values[0]}",
    "one_of": _any,
    "none_of": lambda fact, values: _not(_any(fact, values)),
}


def compile(conditions: Any, *, signal: str | None = None) -> str:
    """The jsonpath of a list of conditions; a `ValidationError` says which line is wrong and why.

    With a signal, only what it (and the family) can tell may be asked about.
    """
    if not isinstance(conditions, list):
        raise ValidationError(_("Conditions are a list."))
    if len(conditions) > MAX:
        raise ValidationError(_("At most %(max)s conditions.") % {"max": MAX})
    known = None if signal is None else {fact.name: fact for fact in facts_of(signal)}
    lines, errors = [], []
    for number, condition in enumerate(conditions, 1):
        try:
            lines.append(_line(condition, known))
        except ValidationError as error:
            told = _("Condition %(number)s: %(why)s") % {"number": number, "why": error.messages[0]}
            errors.append(told)
    if errors:
        raise ValidationError(errors)
    return " && ".join(lines) or ALWAYS


def _line(condition: Any, known: Mapping[str, Fact] | None) -> str:
    if not isinstance(condition, dict) or set(condition) != {"fact", "is", "value"}:
        raise ValidationError(_("a fact, a comparison and a value are needed."))
    name, comparison = condition["fact"], condition["is"]
    if not (isinstance(name, str) and name.isascii() and name.isidentifier()):
        raise ValidationError(_("“%(name)s” is no fact.") % {"name": name})
    if known is not None and name not in known:
        told = _("“%(name)s” is not known when this happens.") % {"name": name}
        raise ValidationError(told)
    if not isinstance(comparison, str) or comparison not in WRITE:
        raise ValidationError(_("“%(name)s” is no comparison.") % {"name": comparison})
    values = _values(comparison, condition["value"], known[name] if known else None)
    return WRITE[comparison](f"$.{name}", values)


def _values(comparison: str, given: Any, fact: Fact | None) -> list[str]:
    if comparison not in OF_LISTS:
        return [_value(given, fact, comparison)]
    if not isinstance(given, list) or not 1 <= len(given) <= VALUES_MAX:
        raise ValidationError(_("one to %(max)s values are needed.") % {"max": VALUES_MAX})
    return [_value(value, fact, comparison) for value in given]


def _value(value: Any, fact: Fact | None, comparison: str) -> str:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and not math.isfinite(value):
        raise ValidationError(_("a number is needed."))
    if not is_number and (comparison in OF_NUMBERS or (fact and fact.type == Type.NUMBER)):
        raise ValidationError(_("a number is needed."))
    if fact and fact.type == Type.YES_NO and not isinstance(value, bool):
        raise ValidationError(_("yes or no is needed."))
    if fact and fact.type == Type.TEXT and not isinstance(value, str):
        raise ValidationError(_("a text is needed."))
    if not isinstance(value, str | int | float | bool):
        raise ValidationError(_("a text, a number, or yes or no is needed."))
    if isinstance(value, str) and (not value.strip() or len(value) > TEXT_MAX or "\0" in value):
        raise ValidationError(_("a text of 1 to %(max)s letters is needed.") % {"max": TEXT_MAX})
    return json.dumps(value)
