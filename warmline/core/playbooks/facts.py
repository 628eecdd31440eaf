"""Facts: what a playbook may ask about, with a name and a kind of value that a form can offer.

A signal brings its own fields; the family brings the rest. Ids are no facts: nobody writes a rule
about family 4711.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

from django.utils.translation import gettext_lazy as _

import warmline.core.contacts.signals
import warmline.core.people.signals
import warmline.core.promises.signals  # noqa: F401 a signal is known once it was read
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.contacts.red_flags import Topic
from warmline.core.journal.signals import KINDS, Signal
from warmline.core.people.models import Household
from warmline.core.promises.kinds import NAMES


class Type(StrEnum):
    NUMBER = "number"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Fact:
    """One thing that a condition may ask about."""

    name: str
    label: Any
    type: Type
    choices: tuple[tuple[Any, Any], ...] = ()


RED_FLAGS = (
    (Topic.SELF_HARM.value, _("Self-harm")),
    (Topic.HEALTH.value, _("Child's health")),
    (Topic.SAFETY.value, _("Product safety")),
)

FAMILY = (
    Fact("tier", _("Family's tier"), Type.CHOICE, tuple(Household.Tier.choices)),
    Fact("child_age_days", _("Age of the youngest child in days"), Type.NUMBER),
    Fact("children", _("Number of children"), Type.NUMBER),
    Fact("expecting", _("A child is expected"), Type.YES_NO),
    Fact("joined_days", _("Days since the family joined"), Type.NUMBER),
    Fact("complained_days", _("Days since the last complaint"), Type.NUMBER),
    Fact("store", _("Code of the store"), Type.TEXT),
    Fact("dialect", _("Dialect"), Type.TEXT),
)

KNOWN: dict[str, Fact] = {
    fact.name: fact
    for fact in (
        Fact("total", _("Amount of the receipt"), Type.NUMBER),
        Fact("categories", _("Category of what was bought"), Type.TEXT),
        Fact("is_return", _("It is a return"), Type.YES_NO),
        Fact("is_first", _("It is the family's first purchase"), Type.YES_NO),
        Fact("source", _("Where it came from"), Type.TEXT),
        Fact("has_child", _("A child is known"), Type.YES_NO),
        Fact("medium", _("Medium"), Type.CHOICE, tuple(Medium.choices)),
        Fact("purpose", _("Purpose"), Type.CHOICE, tuple(Purpose.choices)),
        Fact("outcome", _("Outcome of the call"), Type.CHOICE, tuple(Contact.Outcome.choices)),
        Fact("topic", _("What the note spoke of"), Type.CHOICE, RED_FLAGS),
        Fact("promise_kind", _("Kind of promise"), Type.CHOICE, tuple(NAMES.items())),
        Fact("category", _("Category"), Type.TEXT),
        Fact("correction", _("What was corrected"), Type.TEXT),
        Fact("value", _("Value"), Type.NUMBER),
    )
}

STANDING: dict[str, tuple[Any, tuple[Fact, ...]]] = {}  # by kind of finder: its name and its facts


def signal_names() -> Mapping[str, Any]:
    """Every kind on which a playbook may be written, with a name for the form."""
    happened = {kind: NAMES_OF_SIGNALS.get(kind, kind) for kind, s in KINDS.items() if s.playable}
    return happened | {kind: name for kind, (name, _facts) in STANDING.items()}


def facts_of(kind: str) -> list[Fact]:
    """What a playbook on this signal may ask about: the signal's own facts, then the family's."""
    if kind in STANDING:
        return [*STANDING[kind][1], *FAMILY]
    return [*_of_signal(KINDS[kind]), *FAMILY] if kind in KINDS else []


def _of_signal(signal: type[Signal]) -> Iterable[Fact]:
    hints = get_type_hints(signal)
    for name in (f.name for f in fields(signal)):
        kind = _type_of(hints[name])
        if name in KNOWN:
            yield KNOWN[name]
        elif kind in (Type.TEXT, Type.YES_NO):
            yield Fact(name, name.replace("_", " "), kind)


def _type_of(hint: Any) -> Type:
    """A number that we have no name for is an id, and ids are no facts."""
    plain = next((a for a in get_args(hint) if a is not type(None)), hint)
    if get_origin(hint) is list or plain is str:
        return Type.TEXT
    return Type.YES_NO if plain is bool else Type.NUMBER


NAMES_OF_SIGNALS: dict[str, Any] = {
    "sales.posted": _("A receipt came in"),
    "people.family_joined": _("A family joined"),
    "contacts.logged": _("A contact was logged"),
    "contacts.red_flag": _("A note raised a red flag"),
    "promises.broken": _("A promise was broken"),
    "care.corrected": _("A forecast was corrected"),
}
