"""Which unit a name means: our own codes by arithmetic, everybody else's by a table."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from warmline.base import sql
from warmline.goods.trace import copying, numbers
from warmline.goods.trace.identity import serials
from warmline.goods.trace.identity.check_digits import check_digit
from warmline.goods.trace.identity.keys import Key, hash_of, parse, sgtin, sscc
from warmline.goods.trace.models import CodeBatch, ForeignCode

SQL = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch of codes, as much of it as telling units apart needs."""

    id: int
    base: int
    size: int
    level: str
    gtin: str
    lot: int | None
    first_sscc: int | None


_batches: dict[int, Batch] = {}
_blocks: list[Batch] = []


def forget(**_signal: Any) -> None:
    """Batches were added or changed, or the tables were emptied."""
    _batches.clear()
    _blocks.clear()


def find(keys: Iterable[Key]) -> dict[str, int]:
    """The unit behind each key; what nobody ever named is left out."""
    wanted = {key.uri: key for key in keys}
    found = own(wanted.values())
    missing = sorted(wanted.keys() - found.keys())
    if not missing:
        return found
    rows = sql.run(SQL / "foreign_known.sql", {"hashes": copying.array(map(hash_of, missing))})
    return found | {missing[n - 1]: unit for n, unit in rows}


def own(keys: Iterable[Key]) -> dict[str, int]:
    """Those of them that we printed."""
    tins = [key for key in keys if key.kind == "sgtin" and len(key.qualifier) == serials.LETTERS]
    found: dict[str, int] = {}
    places = serials.read_many([k.qualifier for k in tins])
    known = batches_numbered({place[0] for place in places if place})
    for key, place in zip(tins, places, strict=True):
        batch = known.get(place[0]) if place else None
        if place and batch and batch.gtin == key.gtin and place[1] < batch.size:
            found[key.uri] = batch.base | place[1]
    ours = [key for key in keys if key.kind == "sscc"]
    if ours and (blocks := _sscc_blocks()):
        for key in ours:
            body = int(key.value[:17])
            for block in blocks:
                assert block.first_sscc is not None
                if block.first_sscc <= body < block.first_sscc + block.size:
                    found[key.uri] = block.base | (body - block.first_sscc)
    return found


def batch_numbered(number: int) -> Batch | None:
    return batches_numbered({number}).get(number)


def batches_numbered(wanted: set[int]) -> dict[int, Batch]:
    """Those of them that there are, by one statement; remembered once they are committed."""
    known = {number: _batches[number] for number in wanted if number in _batches}
    if missing := wanted - known.keys():
        rows = {b.id: b for b in _read(CodeBatch.objects.filter(pk__in=missing))}
        if rows:
            transaction.on_commit(lambda: _batches.update(rows))
        known |= rows
    return known


def some_unit() -> int:
    """A code of ours, whichever."""
    known = [*_batches.values()][:1] or _read(CodeBatch.objects.order_by("-pk")[:1])
    return known[0].base if known else 0


def is_of_others(name: str) -> bool:
    """Whether somebody else printed a code of this name."""
    return bool(sql.run(SQL / "foreign_known.sql", {"hashes": copying.array([hash_of(name)])}))


def _sscc_blocks() -> list[Batch]:
    """Those with SSCCs; another process may have added one since we last looked."""
    with_ssccs = CodeBatch.objects.filter(first_sscc__isnull=False)
    newest = with_ssccs.aggregate(newest=Max("pk"))["newest"]
    if newest is None:
        return []
    if not _blocks or _blocks[-1].id != newest:
        blocks = sorted(_read(with_ssccs), key=lambda block: block.id)
        transaction.on_commit(lambda: _blocks.__setitem__(slice(None), blocks))
        return blocks
    return _blocks


def _read(rows: Any) -> list[Batch]:
    return [
        Batch(b.pk, b.base, b.size, b.level, b.lot.gtin if b.lot else "", b.lot_id, b.first_sscc)
        for b in rows.select_related("lot")
    ]


def names(unit_ids: Iterable[int]) -> dict[int, str]:
    """The other way round: what these units are called."""
    found: dict[int, str] = {}
    foreign: list[int] = []
    wanted = list(unit_ids)
    known = batches_numbered({numbers.batch_of(u) for u in wanted if not numbers.is_foreign(u)})
    for unit in wanted:
        if numbers.is_foreign(unit):
            foreign.append(unit)
        elif batch := known.get(numbers.batch_of(unit)):
            found[unit] = name_in(batch, numbers.index_of(unit))
    rows = ForeignCode.objects.filter(unit_id__in=foreign)
    return found | dict(rows.values_list("unit_id", "uri"))


def tins(unit_ids: Iterable[int]) -> int:
    """How many of these are tins: of our own the batch tells, of others their name."""
    wanted = list(unit_ids)
    known = batches_numbered({numbers.batch_of(u) for u in wanted if not numbers.is_foreign(u)})
    ours = [known.get(numbers.batch_of(u)) for u in wanted if not numbers.is_foreign(u)]
    foreign = names(u for u in wanted if numbers.is_foreign(u))
    return sum(batch is not None and batch.level == CodeBatch.Level.UNIT for batch in ours) + sum(
        parse(uri).kind == "sgtin" for uri in foreign.values()
    )


def name_in(batch: Batch, index: int) -> str:
    if batch.first_sscc is not None:
        body = str(batch.first_sscc + index).zfill(17)
        return sscc(body + check_digit(body))
    return sgtin(batch.gtin, serials.write(batch.id, index))


def names_in(batch: Batch, first: int, until: int) -> list[tuple[int, str]]:
    """Index and name of a run of a batch's units; serials are written by the thousand."""
    if batch.first_sscc is not None:
        return [(n, name_in(batch, n)) for n in range(first, until)]
    printed = serials.write_many(batch.id, first, until - first)
    return [(first + n, sgtin(batch.gtin, serial)) for n, serial in enumerate(printed)]


def unit_named(uri: str) -> int | None:
    """One unit by its canonical name."""
    key = parse(uri)
    return find([key]).get(key.uri)
