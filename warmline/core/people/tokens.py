"""What a member is found by, as plain words of an index that PostgreSQL compares byte by byte.

    王小明   single characters and pairs              王 小 明 王小 小明
             pinyin: whole, apart, without surname    wangxiaoming wang xiao ming xiaoming
             their first letters, up to five          w wa wan wang wangx · x xi xia xiao xiaom
             initials                                 wx wxm xm
             the member number                        no/m0012
             the store, which is the scope            s12@

Longer beginnings are found by prefix (`wangxi:*`), short ones by the stored first letters: a prefix
of two letters would make the index read half a million names of a chain to answer for one store.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise

from warmline.core.people.names import RUNS, readings

EDGE = 5
LONGEST = 40  # of one word; a name has sixty characters at most
WORDS_MAX = 8  # of one query


def tokens(name: str, *, member_no: str | None = None, store: int | None = None) -> list[str]:
    """All words of one member, each once."""
    found = list(of_name(name))
    if member_no:
        found.append(number(member_no))
    if store is not None:
        found.append(scope(store))
    return found


@lru_cache(maxsize=100_000)  # in a million families most names come more than once
def of_name(name: str) -> tuple[str, ...]:
    runs = RUNS.findall(plain(name))
    latin = [run for run in runs if run.isascii()]
    found: set[str] = set()
    for run in runs:
        found.update(_latin([run]) if run.isascii() else _chinese(run))
    if len(latin) > 1:
        found.update(_latin(latin))
    return tuple(sorted(found))


def vectors(rows: Iterable[tuple[str, str | None, int]]) -> Iterator[str]:
    """For COPY: `(name, member_no, store)` in, the text of each row's tsvector out."""
    for name, member_no, store in rows:
        yield "'" + "' '".join(tokens(name, member_no=member_no, store=store)) + "'"


def query(text: str) -> str | None:
    """What somebody typed, as a tsquery: all of it must be there. None: nothing to look for."""
    wanted = [part for run in RUNS.findall(plain(text))[:WORDS_MAX] for part in _wanted(run)]
    if wanted and any(letter.isdigit() for letter in text):
        return f"({' & '.join(wanted)}) | '{number(text)}'"
    return " & ".join(wanted) or None


def within(stores: Iterable[int]) -> str:
    """The scope as part of a tsquery: one of these stores."""
    return " | ".join(f"'{scope(store)}'" for store in stores)


def scope(store: int) -> str:
    return f"s{store}@"


def number(member_no: str) -> str:
    """A member number without blanks, marks and case."""
    kept = "".join(c for c in plain(member_no) if c.isalnum() or c == "-")
    return f"no/{kept[:LONGEST]}"


def plain(text: str) -> str:
    """Half-width, lower case: Ｗang and wang are one."""
    return unicodedata.normalize("NFKC", text).lower().replace("\0", "")


def _chinese(run: str) -> set[str]:
    found = {*run, *(a + b for a, b in pairwise(run))}
    for way in readings(run):
        found.update(_latin(way))
        found.update(_latin(way[1:]) if len(way) > 2 else way[1:])
    return found


def _latin(syllables: list[str]) -> set[str]:
    """Words that are spelled: the whole, each part, the first letters of both, the initials."""
    whole = "".join(syllables)[:LONGEST]
    initials = "".join(s[0] for s in syllables)
    found = {whole, *(s[:LONGEST] for s in syllables)}
    found.update(whole[:n] for n in range(1, EDGE + 1))
    found.update(initials[:n] for n in range(1, len(initials) + 1))
    return found


def _wanted(run: str) -> list[str]:
    if run.isascii():
        run = run[:LONGEST]
        return [f"'{run}'" if len(run) <= EDGE else f"'{run}':*"]
    return [f"'{a}{b}'" for a, b in pairwise(run)] or [f"'{run}'"]
