"""Saying: the small things that every verb of a case needs: words that are words, times as text, and
who a signal is about."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from warmline.service.desk.models import Case

WORDS_MAX = 2000


def said(words: str) -> str:
    words = words.strip()
    if not words:
        raise ValidationError({"words": _("Say it in a few words.")})
    return words[:WORDS_MAX]


def iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def named(case: Case) -> dict[str, Any]:
    return {"household": case.household_id, "store": case.store_id, "case": case.pk}
