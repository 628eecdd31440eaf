"""Finding a family: by phone, its last four digits, name, pinyin, initials or member number.

Only what the asker may see is looked at (G13): the store is part of what is searched for.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from warmline.base import sql
from warmline.base.crypto import blind
from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.core.people import tokens
from warmline.core.people.models import Household, Member, Staff, Store
from warmline.core.people.names import sort_key

SQL = Path(__file__).parent / "sql"
POOL = 200  # matches that are weighed against each other; more would only be a longer list
BATCH = 2000
# So many stores are words of the search; with more, the index compares each with each, and looking
# at the families themselves is quicker: among many stores the pool is soon full.
FEW_STORES = 20


def find(staff: Staff, text: str, *, limit: int = 20) -> list[Member]:
    """The members of families that this person may see and that fit what she typed."""
    text = tokens.plain(text).strip()
    stores = stores_of(staff)
    if not text or not staff.is_active or stores == []:
        return []
    exact, worded = _by_number(text, stores, limit), _by_words(staff, text, stores, limit)
    ids = list(dict.fromkeys(exact + worded))
    if not ids:
        return []
    seen = Household.objects.seen_by(staff)
    found = Member.objects.select_related("household").defer("search").order_by()
    found = found.filter(pk__in=ids[:limit], household__in=seen)
    return sorted(found, key=lambda member: ids.index(member.pk))


def stores_of(staff: Staff) -> list[int] | None:
    """The stores whose families this person sees; None: all of them."""
    if staff.sees_every_store:
        return None
    if staff.role == Staff.Role.MANAGER and staff.region_id and not staff.store_id:
        return list(Store.objects.filter(region_id=staff.region_id).values_list("pk", flat=True))
    return [staff.store_id] if staff.store_id else []


def _by_number(text: str, stores: list[int] | None, limit: int) -> list[int]:
    """By a whole phone number, or by its last four digits as they are said at the counter."""
    within = Member.objects.order_by()
    if stores is not None:
        within = within.filter(search_store__in=stores)
    if len(text) == 4 and text.isdecimal():
        return list(within.filter(phone_last4=text).values_list("pk", flat=True)[:limit])
    try:
        phone = parse_phone(text) if any(c.isdecimal() for c in text) else None
    except BadCell:
        return []
    return list(within.filter(phone_bi=blind(phone)).values_list("pk", flat=True)) if phone else []


def _by_words(staff: Staff, text: str, stores: list[int] | None, limit: int) -> list[int]:
    if (wanted := tokens.query(text)) is None:
        return []
    among = None
    if stores is not None and len(stores) <= FEW_STORES:
        wanted = f"({wanted}) & ({tokens.within(stores)})"
    elif stores is not None:
        among = stores
    asked = {"query": wanted, "text": text, "staff": staff.pk, "pool": POOL, "limit": limit}
    asked["stores"] = among
    return [row[0] for row in sql.run(SQL / "find.sql", asked)]


def index(*members: Member) -> None:
    """These members are found by their name and number from now on."""
    write((m.pk, m.name, m.member_no, m.household.store_id) for m in members)


def reindex(members: Iterable[int] | None = None) -> int:
    """Write the words anew: of these members, or of all (an import, a new rule); how many."""
    rows = Member.objects.order_by("pk")
    if members is not None:
        rows = rows.filter(pk__in=list(members))
    fields = rows.values_list("pk", "name", "member_no", "household__store_id")
    return write(fields.iterator(chunk_size=BATCH))


def write(rows: Iterable[tuple[int, str, str | None, int]]) -> int:
    """`(member, name, member number, store)` into the index, a batch a statement; how many rows."""
    written, batch = 0, []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            written += _write(batch)
            batch = []
    return written + (_write(batch) if batch else 0)


def _write(batch: Sequence[tuple[int, str, str | None, int]]) -> int:
    return sql.changed(
        SQL / "index.sql",
        {
            "ids": [pk for pk, _name, _no, _store in batch],
            "words": [
                " ".join(tokens.tokens(name, member_no=no, store=store))
                for _pk, name, no, store in batch
            ],
            "stores": [store for _pk, _name, _no, store in batch],
            "sorts": [sort_key(name) for _pk, name, _no, _store in batch],
        },
    )


def follow(households: Iterable[int]) -> int:
    """These families changed their store: they are found there now."""
    return sql.changed(SQL / "move_to_store.sql", {"households": list(households)})
