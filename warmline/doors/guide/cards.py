"""One promise as a card: which family, which baby at what age, why now, what to say."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Protocol

from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext

from warmline.base import sql
from warmline.base.clock import today
from warmline.base.crypto import unsealed
from warmline.base.i18n import I18nText
from warmline.core.people.models import Child, Member, MemoryNote, Staff, Store
from warmline.core.promises.kinds import NAMES
from warmline.core.promises.models import standing_of
from warmline.look.stencils import stencil
from warmline.look.templatetags.look import age, due
from warmline.service.care.explaining import why_now
from warmline.service.desk.models import Case

SQL = Path(__file__).parent
draw = stencil("guide/today/_card.html")


class Owed(Protocol):
    """A promise that the visitor may see."""

    @property
    def pk(self) -> int: ...


@dataclass(frozen=True, kw_only=True)
class Card:
    pk: int
    family: int
    who: str
    phone: str
    baby: str
    title: str
    words: str
    why: str
    say: str
    avoid: list[str]
    remember: list[str]
    due_at: datetime
    standing: str
    waived_for: str
    tries: int
    keeper: str
    is_unkept: bool
    is_of_desk: bool = False  # an answer owed: given on the page of its case
    case: int | None = None  # if the reader may see it

    @property
    def is_over(self) -> bool:
        return self.standing in {"kept", "waived", "late", "let_off"}

    @cached_property
    def html(self) -> SafeString:
        tried = ""
        if self.tries:
            tried = ngettext("Tried once", "Tried %(n)s times", self.tries) % {"n": self.tries}
        return draw(
            pk=self.pk,
            family=self.family,
            is_over=self.is_over,
            who=self.who,
            baby=self.baby,
            due=due(self.due_at, self.standing),
            title=self.title,
            words=self.words,
            waived_for=self.waived_for,
            why=self.why,
            avoid=self.avoid,
            say=self.say,
            remember=self.remember,
            phone=self.phone,
            tried=tried,
            keeper=self.keeper,
            is_unkept=self.is_unkept,
            is_of_desk=self.is_of_desk,
            case=self.case,
        )


def cards_of(promises: Iterable[Owed], *, store: Store, reader: Staff | None = None) -> list[Card]:
    """Cards for promises that were found within what the reader may see; one query for all."""
    ids = [promise.pk for promise in promises]
    rows = sql.dicts(SQL / "cards.sql", {"promises": ids}) if ids else []
    day = today(store.zone)
    return [_card(row, day=day, reader=reader) for row in rows]


def _card(row: dict[str, Any], *, day: date, reader: Staff | None) -> Card:
    language = get_language()
    title, say, not_to_say = (_said(row[name], language) for name in ("title", "say", "not_to_say"))
    facts = json.loads(row["why"])
    name = _said(row["category_name"], language)
    names = {row["category"]: name} if name else {}
    avoid = [unsealed(text, MemoryNote, "text") for text in row["avoid"] or ()]
    baby = unsealed(row["child"], Child, "name")
    is_of_desk = row["matter"] is not None
    if is_of_desk:
        title = str(NAMES.get(row["kind"], ""))
        row["words"] = unsealed(row["gist"], Case, "gist")
    return Card(
        pk=row["pk"],
        family=row["family"],
        who=row["member"] or f"#{row['family']}",
        phone=unsealed(row["phone"], Member, "phone"),
        baby=f"{baby} {age(row['counted_from'], day)}".strip(),
        title=title or row["words"],
        words=row["words"] if title else "",
        why=why_now(row["kind"], facts, names=names, today=day),
        say=say,
        avoid=[not_to_say, *avoid] if not_to_say else avoid,
        remember=[unsealed(text, MemoryNote, "text") for text in row["remember"] or ()],
        due_at=row["due_at"],
        standing=standing_of(row["status"], row["done_at"], row["waived_for"]),
        waived_for=row["waived_for"],
        tries=row["tries"],
        keeper="" if reader and row["keeper"] == reader.pk else row["keeper_name"] or "",
        is_unkept=row["keeper"] is None and not is_of_desk,
        is_of_desk=is_of_desk,
        case=row["matter"] if _may_open(row, reader) else None,
    )


def _may_open(row: dict[str, Any], reader: Staff | None) -> bool:
    """A guide sees her own cases and those of the store's queue."""
    if reader is None or row["matter"] is None:
        return False
    return reader.role != Staff.Role.GUIDE or row["keeper"] in (None, reader.pk)


@lru_cache(maxsize=1000)
def _said(text: str | None, _language: str) -> str:
    """A chain's own words in the reader's language; few, and on every page."""
    return str(I18nText(json.loads(text))) if text else ""
