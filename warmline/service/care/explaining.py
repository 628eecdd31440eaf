"""Why now: the facts behind a promise as one sentence that a guide can read out."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from warmline.core.promises import kinds as promise_kinds
from warmline.goods.catalog.models import Category
from warmline.look.days import short_day
from warmline.service.care import kinds

FACTS = {
    kinds.RUN_OUT: {"category", "p10_on", "p50_on", "p90_on"},
    kinds.QUIET: {"category", "p50_on", "last_on"},
}


def why_now(kind: str, facts: dict[str, Any], *, names: dict[str, str], today: date) -> str:
    """The reason of a promise in the reader's language; empty where the title says it all, or where
    the facts are others (a chain's own playbook may promise such a call for any signal)."""
    if not FACTS.get(kind, set()) <= facts.keys():
        return ""
    match kind:
        case kinds.RUN_OUT:
            return _run_out(facts, names=names, today=today)
        case promise_kinds.CALL_BACK:
            return _("You promised this on %(day)s.") % {
                "day": _day(facts.get("promised_on", today.isoformat()), today)
            }
        case kinds.QUIET:
            return _quiet(facts, names=names, today=today)
        case _:
            return ""


def _day(iso: str, today: date) -> str:
    return short_day(date.fromisoformat(iso), today=today)


def _run_out(facts: dict[str, Any], *, names: dict[str, str], today: date) -> str:
    left = (date.fromisoformat(facts["p50_on"]) - today).days
    what = names.get(facts["category"], facts["category"])
    if left > 0:
        first = ngettext(
            "%(what)s lasts about %(days)d more day, until %(on)s.",
            "%(what)s lasts about %(days)d more days, until %(on)s.",
            left,
        )
    else:
        first = _("%(what)s was expected to run out on %(on)s.")
    said = first % {"what": what, "days": left, "on": _day(facts["p50_on"], today)}
    span = _("Probably between %(first)s and %(last)s.") % {
        "first": _day(facts["p10_on"], today),
        "last": _day(facts["p90_on"], today),
    }
    return f"{said} {span}"


def _quiet(facts: dict[str, Any], *, names: dict[str, str], today: date) -> str:
    return _("%(what)s was due around %(on)s and nobody has heard from them since %(last)s.") % {
        "what": names.get(facts["category"], facts["category"]),
        "on": _day(facts["p50_on"], today),
        "last": _day(facts["last_on"], today),
    }


def reasons(facts: dict[str, Any], *, unit: str) -> list[tuple[str, str]]:
    """The forecast's reasons as (name, value) lines for the family file."""
    lines: list[tuple[str, str]] = []

    def tell(name: str, value: float | None, words: str) -> None:
        if value is not None:
            lines.append((name, words % {"n": _number(value), "unit": unit}))

    tell(_("Used a day"), facts.get("per_day"), "%(n)s %(unit)s")
    tell(_("Bought last"), facts.get("content"), "%(n)s %(unit)s")
    asked = facts.get("stock_asked")
    at_home = _("At home, as they said") if asked else _("Thought to be at home")
    tell(at_home, facts.get("supply"), "%(n)s %(unit)s")
    tell(_("Purchases seen"), facts.get("purchases"), "%(n)s")
    tell(_("Usual interval"), facts.get("usual_days"), _("%(n)s days"))
    tell(_("By daily use alone"), facts.get("physics_days"), _("%(n)s days"))
    tell(_("By habit alone"), facts.get("habit_days"), _("%(n)s days"))
    weight = facts.get("physics_weight")
    if weight is not None:
        lines.append((_("Daily use : habit, as they count"), f"{weight:.0%} : {1 - weight:.0%}"))
    share = facts.get("shop_share")
    if share is not None and share < 1:
        lines.append((_("Bought with us, as they said"), f"{share:.0%}"))
    return lines


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def category_names() -> dict[str, str]:
    """Codes to names in the reader's language, one query."""
    return {c.code: str(c.name) for c in Category.objects.only("code", "name")}
