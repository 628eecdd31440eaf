"""Limiting: how often one number or one address may knock. Counted in the database, so that all
web processes count together, and before anything else is done, so that a refusal costs little."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.crypto import blind
from warmline.service.desk.models import Tally

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True)
class Limit:
    """So many in so long; kept under a blind name, as an address is personal too."""

    name: str
    max: int
    within: timedelta


POSTS_FROM_ONE_PLACE = Limit("post-ip", 120, timedelta(minutes=10))
ASKING_FROM_ONE_PLACE = Limit("ask-ip", 60, timedelta(minutes=10))
ASKING_OF_ONE_NUMBER = Limit("ask-number", 8, timedelta(minutes=10))
ADDING_TO_ONE_CASE = Limit("add-case", 20, timedelta(minutes=10))
LINKS_TO_ONE_NUMBER = Limit("link-number", 3, timedelta(hours=24))
WRONG_LINKS_FROM_ONE_PLACE = Limit("wrong-ip", 30, timedelta(minutes=10))


def knock(limit: Limit, who: str) -> bool:
    """Count one more; whether it is still within the limit."""
    params = {"key": _key(limit, who), "now": now(), "begin": now() - limit.within}
    [(count,)] = sql.run(SQL / "knock.sql", params)
    return bool(count <= limit.max)


def is_shut(limit: Limit, who: str) -> bool:
    """Whether the limit is used up, without counting."""
    params = {"key": _key(limit, who), "begin": now() - limit.within, "max": limit.max}
    return bool(sql.run(SQL / "shut.sql", params))


def forget() -> int:
    """What was counted two days ago limits nobody."""
    return Tally.objects.filter(since__lt=now() - timedelta(days=2)).delete()[0]


def _key(limit: Limit, who: str) -> str:
    return f"{limit.name}:{blind(who).hex()}"
