"""Ruling: head office says how its desk works. Nothing that is in use is taken away: it is switched off,
and what stands in old cases stays. Each change is written down with who made it, and what it was before."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from warmline.base.i18n import I18nText
from warmline.core.journal.models import Entry
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.service.desk.models import (
    Authority,
    CaseKind,
    Cause,
    Department,
    DeskRules,
    Feedback,
    RemedyKind,
    rules,
)
from warmline.service.desk.signals import DeskRuled

Levels = Mapping[tuple[str, str], Decimal | None]  # (role, what): up to how much; None: no limit
Kept = TypeVar("Kept", CaseKind, Department, Cause)
NOTHING = Decimal(0)
CHANGES_SHOWN = 10
BOUNDS = {  # outside of these a clock makes no sense: it would ring at once, or never
    "offer_min": (5, 1440),
    "untouched_min": (10, 2880),
    "warn_min": (0, 480),
    "rung_min": (5, 1440),
    "review_days": (1, 30),
    "feedback_days": (1, 60),
}


@transaction.atomic
def keep_rules(*, by: Staff | None, **facts: Any) -> DeskRules:
    """How long things may wait. Cases that are open keep the deadlines that they have."""
    wrong = {
        name: _("Between %(least)s and %(most)s.") % {"least": least, "most": most}
        for name, (least, most) in BOUNDS.items()
        if name in facts and not least <= facts[name] <= most
    }
    if wrong:
        raise ValidationError(wrong)
    kept = rules()
    was = _facts(kept, facts)
    for name, value in facts.items():
        setattr(kept, name, value)
    kept.full_clean()
    kept.save()
    _tell("rules", "", was, _facts(kept, facts), by=by)
    return kept


@transaction.atomic
def keep_kind(
    kind: CaseKind, *, name: Mapping[str, str], by: Staff | None, **facts: Any
) -> CaseKind:
    """A kind of matter. How many days it may take holds for what comes from now on."""
    if kind.pk and not facts.get("is_on", True):
        others = CaseKind.objects.offered().exclude(pk=kind.pk)
        if not kind.is_internal and not others.exists():
            raise ValidationError(
                {"is_on": _("It is the last kind in use: whoever asks has to find one.")}
            )
    return _keep("kind", kind, name=name, by=by, facts=facts)


@transaction.atomic
def keep_department(
    department: Department,
    *,
    name: Mapping[str, str],
    keepers: Iterable[Staff],
    by: Staff | None,
    **facts: Any,
) -> Department:
    """A department and who answers for it. One that owes an answer is not switched off."""
    keepers = list(keepers)
    if department.pk and not facts.get("is_on", True):
        owed = department.feedback.filter(status=Feedback.Status.ASKED).count()
        if owed:
            raise ValidationError(
                {"is_on": _("Answers it still owes: %(n)s. These first.") % {"n": owed}}
            )
    if wrong := [k for k in keepers if not k.is_active]:
        raise ValidationError({"keepers": _("%(name)s has left.") % {"name": wrong[0].name}})
    were = sorted(k.name for k in department.keepers.all()) if department.pk else []
    department = _keep(
        "department",
        department,
        name=name,
        by=by,
        facts=facts,
        was={"keepers": were},
        now={"keepers": sorted(k.name for k in keepers)},
    )
    department.keepers.set(keepers)
    return department


@transaction.atomic
def keep_cause(
    cause: Cause,
    *,
    name: Mapping[str, str],
    parent: Cause | None,
    by: Staff | None,
    **facts: Any,
) -> Cause:
    """A cause or a group of causes: two levels and no more."""
    if parent is not None:
        if parent.pk == cause.pk or parent.parent_id:
            raise ValidationError(
                {"parent": _("A cause belongs to a group, and a group to nothing.")}
            )
        if cause.pk and cause.children.exists():
            raise ValidationError(
                {"parent": _("It is a group itself: there are two levels and no more.")}
            )
    return _keep("cause", cause, name=name, by=by, facts={**facts, "parent": parent})


@transaction.atomic
def keep_levels(levels: Levels, *, by: Staff | None) -> None:
    """Who may give how much alone. Somebody has to be able to say yes to anything."""
    for what in RemedyKind:
        if not any(limit is None for (_role, kind), limit in levels.items() if kind == what):
            raise ValidationError(
                _("%(what)s: leave somebody without a limit, so that anything can be decided.")
                % {"what": what.label}
            )
    if wrong := [limit for limit in levels.values() if limit is not None and limit < 0]:
        raise ValidationError(_("%(amount)s is no amount.") % {"amount": wrong[0]})
    were = {(row.role, row.kind): row.amount_max for row in Authority.objects.all()}
    was, now = {}, {}
    for (role, kind), limit in levels.items():
        if (before := were.get((role, kind), NOTHING)) != limit:
            was[f"{role} {kind}"], now[f"{role} {kind}"] = before, limit
            Authority.objects.update_or_create(role=role, kind=kind, defaults={"amount_max": limit})
    _tell("levels", "", was, now, by=by)


def _keep(
    what: str,
    thing: Kept,
    *,
    name: Mapping[str, str],
    by: Staff | None,
    facts: Mapping[str, Any],
    was: Mapping[str, Any] | None = None,
    now: Mapping[str, Any] | None = None,
) -> Kept:
    if not name.get("zh-hans", "").strip():
        raise ValidationError(
            {"name": _("It needs a name in Chinese: that is what most people read.")}
        )
    named = ("name", *facts)
    before = {**_facts(thing, named), **(was or {})} if thing.pk else {}
    thing.name = I18nText({code: said.strip() for code, said in name.items() if said.strip()})
    for field, value in facts.items():
        setattr(thing, field, value)
    thing.full_clean()
    thing.save()
    _tell(what, thing.code, before, {**_facts(thing, named), **(now or {})}, by=by)
    return thing


def _facts(thing: models.Model, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in names}


def _tell(
    what: str, code: str, was: Mapping[str, Any], now: Mapping[str, Any], *, by: Staff | None
) -> None:
    """What differs, in the journal: nothing changed is nothing told."""
    changes = {
        name: [_plain(was.get(name)), _plain(value)]
        for name, value in now.items()
        if _plain(was.get(name)) != _plain(value)
    }
    if changes:
        record(DeskRuled(what=what, code=code, changes=changes), by=by)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return " / ".join(value[code] for code in sorted(value))
    if isinstance(value, models.Model):
        return str(value)
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return value


@dataclass(frozen=True)
class Change:
    """One change of the rules: when, by whom, from what to what."""

    at: datetime
    who: str
    code: str
    changes: Mapping[str, tuple[Any, Any]]


def changes_of(what: str, code: str = "") -> list[Change]:
    """The last changes, the latest first."""
    found = Entry.objects.filter(kind=DeskRuled.kind, body__what=what)
    if code:
        found = found.filter(body__code=code)
    entries = list(found.order_by("-at", "-pk")[:CHANGES_SHOWN])
    names = dict(Staff.objects.filter(pk__in={e.by_id for e in entries}).values_list("pk", "name"))
    return [
        Change(e.at, names.get(e.by_id or 0, ""), e.body["code"], e.body["changes"])
        for e in entries
    ]
