"""Stencils: a template is cut once for every shape it takes; after that only the words change.

Twenty cards of a page differ in a name, an age and a reason, and agree in everything that costs
time: tags, conditions, translations, addresses. So a template is drawn once with marks in place of
the words, and what lies between the marks is kept. Which words are there and which are empty, and
how many a list has, is the *shape*; each shape has its own cut, so `{% if %}` and `{% for %}` mean what
they always mean. Filling a cut is far cheaper than drawing its template.

The words must be ready to be read: filters would only see the marks. Numbers are ids.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

CUTS_MAX = 400  # of one template; lists of any length make shapes without end
FIRST_ID: Final = 9_000_000_000_000_000  # ids are marked by numbers, so that {% url %} takes them
MARK = re.compile("\ue000([0-9]+)\ue001|90000000000([0-9]{5})")

Word = str | int | bool | None | list[Any] | tuple[Any, ...]
Cut = tuple[list[str], list[int]]  # the pieces, with a gap after each; which word goes in each gap


@dataclass
class Stencil:
    """A template that is given nothing but words."""

    template: str
    cuts: dict[tuple[Any, ...], Cut] = field(default_factory=dict)

    def fill(self, **words: Word) -> SafeString:
        """As `render_to_string` would draw it. Flags choose among shapes and are not written."""
        shape = get_language(), *words, *map(_shape, words.values())
        cut = self.cuts.get(shape)
        if cut is None:
            if len(self.cuts) >= CUTS_MAX:
                self.cuts.clear()
            cut = self.cuts[shape] = self._cut(words)
        said: list[str] = []
        for word in words.values():
            _write(word, said)
        pieces, order = cut[0].copy(), cut[1]
        pieces[1::2] = [said[n] for n in order]
        return SafeString("".join(pieces))

    def _cut(self, words: dict[str, Word]) -> Cut:
        numbers = iter(range(99_999))
        marked = {name: _marked(word, numbers) for name, word in words.items()}
        pieces = MARK.split(render_to_string(self.template, marked))
        # Every mark gave two groups: the number of a word, or that of an id.
        order = [int(a or b) for a, b in zip(pieces[1::3], pieces[2::3], strict=True)]
        kept = [""] * (2 * len(order) + 1)
        kept[::2] = pieces[::3]
        return kept, order


def _shape(word: Word) -> Any:
    match word:
        case bool() | None:
            return word
        case str():
            return "word" if word else ""
        case int():
            return "id"
        case list() | tuple():
            return tuple(map(_shape, word))
        case _:
            raise TypeError(f"{word!r} is not ready to be read: a stencil takes words")


def _marked(word: Word, numbers: Iterator[int]) -> Any:
    match word:
        case bool() | None | "":
            return word
        case str():
            return SafeString(f"\ue000{next(numbers)}\ue001")
        case int():
            return str(FIRST_ID + next(numbers))
        case _:
            return [_marked(one, numbers) for one in word]


def _write(word: Word, said: list[str]) -> None:
    if isinstance(word, str):
        if word:
            said.append(word if hasattr(word, "__html__") else escape(word))
    elif isinstance(word, list | tuple):
        for one in word:
            _write(one, said)
    elif word is not None and not isinstance(word, bool):
        said.append(str(word))


def stencil(template: str) -> Callable[..., SafeString]:
    """`card = stencil("guide/today/_card.html")`; `card(who="林晓", pk=7)` is its HTML."""
    return Stencil(template).fill
