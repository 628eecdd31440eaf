"""Names as small numbers: words, places, parties and kinds, put in when first heard of.

A process remembers what it knows, but only what was committed; the tables are small and grow slowly.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import transaction
from django.db.models import Model

from warmline.goods.catalog.models import Product
from warmline.goods.trace.identity.keys import BadKey, Key, parse
from warmline.goods.trace.models import Kind, Lot, Party, Place, Word

REMEMBERED_MAX = 200_000
_spelt: dict[int, str] = {}  # words by their numbers
_known: dict[type[Model], dict[str, int]] = {Word: {}, Place: {}, Party: {}, Kind: {}}


def forget(**_signal: Any) -> None:
    """The tables were emptied or restored."""
    _spelt.clear()
    for names in _known.values():
        names.clear()


def words(uris: Iterable[str]) -> dict[str, int]:
    return _numbers(Word, uris, lambda missing: [Word(uri=uri) for uri in missing])


def spelt(numbers: Iterable[int]) -> dict[int, str]:
    """The other way round: the words behind these numbers."""
    wanted = set(numbers)
    if missing := wanted - _spelt.keys():
        read = dict(Word.objects.filter(pk__in=missing).values_list("pk", "uri"))
        transaction.on_commit(lambda: _spelt.update(read))
        return {n: _spelt.get(n) or read[n] for n in wanted}
    return {n: _spelt[n] for n in wanted}


def places(uris: Iterable[str]) -> dict[str, int]:
    return _numbers(Place, uris, lambda missing: [Place(uri=uri) for uri in missing])


def parties(uris: Iterable[str]) -> dict[str, int]:
    return _numbers(Party, uris, lambda missing: [Party(uri=uri) for uri in missing])


def kinds(keys: Iterable[Key]) -> dict[str, int]:
    by_uri = {key.uri: key for key in keys}

    def fresh(missing: list[str]) -> list[Kind]:
        lots = lots_of(
            {(by_uri[u].gtin, by_uri[u].qualifier) for u in missing if by_uri[u].kind == "lgtin"}
        )
        return [
            Kind(uri=u, gtin=by_uri[u].gtin, lot_id=lots.get((by_uri[u].gtin, by_uri[u].qualifier)))
            for u in missing
        ]

    return _numbers(Kind, by_uri, fresh)


def kind_of_gtin(gtin: str) -> Key:
    return Key(f"https://id.gs1.org/01/{gtin}", "gtin", gtin)


def lots_of(wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Lots by GTIN and number; those never heard of are put in."""
    if not wanted:
        return {}
    gtins = {gtin for gtin, _number in wanted}
    found = _lots(gtins, wanted)
    if missing := sorted(wanted - found.keys()):
        articles = dict(Product.objects.filter(gtin__in=gtins).values_list("gtin", "pk"))
        Lot.objects.bulk_create(
            [Lot(gtin=g, number=n, product_id=articles.get(g)) for g, n in missing],
            ignore_conflicts=True,
        )
        found = _lots(gtins, wanted)
    return found


def _lots(gtins: set[str], wanted: set[tuple[str, str]]) -> dict[tuple[str, str], int]:
    rows = Lot.objects.filter(gtin__in=gtins, number__in={n for _g, n in wanted})
    return {(gtin, number): pk for gtin, number, pk in rows.values_list("gtin", "number", "pk")}


def number_of(model: type[Word] | type[Place] | type[Party] | type[Kind], uri: str) -> int | None:
    """The number of a name, if anybody ever used it; a question puts nothing in."""
    if (known := _known[model].get(uri)) is not None:
        return known
    found: int | None = model.objects.filter(uri=uri).values_list("pk", flat=True).first()
    return found


def place_number(uri: str) -> int | None:
    try:
        return number_of(Place, parse(uri).uri)
    except BadKey:
        return None


def _numbers(
    model: Any, uris: Iterable[str], fresh: Callable[[list[str]], list[Any]]
) -> dict[str, int]:
    known, wanted = _known[model], set(uris)
    found = {uri: known[uri] for uri in wanted if uri in known}
    if not (asked := wanted - found.keys()):
        return found
    read = dict(model.objects.filter(uri__in=asked).values_list("uri", "pk"))
    if missing := sorted(asked - read.keys()):
        model.objects.bulk_create(fresh(missing), ignore_conflicts=True)
        read |= dict(model.objects.filter(uri__in=missing).values_list("uri", "pk"))
    transaction.on_commit(lambda: _remember(model, read))
    return found | read


def _remember(model: type[Model], read: dict[str, int]) -> None:
    if len(_known[model]) > REMEMBERED_MAX:
        _known[model].clear()
    _known[model].update(read)
