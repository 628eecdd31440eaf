"""Records that may be one family: they share a telephone."""

from pathlib import Path

from warmline.base import sql
from warmline.core.people.models import Household

SQL = Path(__file__).parent / "sql"


def same_phone_pairs(*, limit: int) -> list[tuple[Household, Household]]:
    """At most so many pairs, the older record first; for a person to look at, never merged alone."""
    pairs = sql.run(SQL / "same_phone.sql", {"limit": limit})
    found = Household.objects.select_related("store").prefetch_related("members", "children")
    families = found.in_bulk({pk for pair in pairs for pk in pair})
    return [(families[a], families[b]) for a, b in pairs]
