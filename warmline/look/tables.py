"""Every list of the house: a page of it, and the same rows as a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from warmline.base import exports
from warmline.base.clock import now, today

PAGE = 50
FILES = frozenset({"csv", "xlsx"})
EXPORTED_MAX = 100_000

Rows = Any  # a query, a list, or anything that is read once
Seen = Callable[[Sequence[Any]], None]


@dataclass(frozen=True)
class Column:
    """A head, and what a row says under it; `link` makes the cell a way to the row's page, `post`
    a button that sends there. A button is on the screen only, as no file can be pressed."""

    head: Any
    value: Callable[[Any], Any]
    link: Callable[[Any], str] | None = None
    is_number: bool = False
    state: Callable[[Any], str] | None = None
    post: Callable[[Any], str] | None = None
    is_text: bool = False  # sentences, which go on in a second line


def stamp(at: datetime, *, seconds: bool = False) -> str:
    """An instant on the reader's clock, as a table and its file say it."""
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"[: 19 if seconds else 16]


def listing(
    request: HttpRequest,
    template: str,
    rows: Rows,
    columns: Sequence[Column],
    *,
    name: str,
    seen: Seen | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    """One page of these rows; with `?format=csv` or `xlsx` all of them as a file called `name`."""

    def page() -> dict[str, Any]:
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        if seen:
            seen(list(page.object_list))
        table = [[_cell(c, row) for c in columns] for row in page.object_list]
        query = exports_of(request)[1:]
        return {"page": page, "columns": columns, "table": table, "query": query, **context}

    return drawn(request, template, page, rows, columns, name=name, file_seen=seen, status=status)


def drawn(
    request: HttpRequest,
    template: str,
    page: Callable[[], dict[str, Any]],
    rows: Rows,
    columns: Sequence[Column],
    *,
    name: str,
    file_seen: Seen | None = None,
    status: int = 200,
) -> HttpResponse:
    """A list that draws itself: `page` says what its template needs, and notes who was seen."""
    if file := as_file(request, rows, columns, name=name, seen=file_seen):
        return file
    shown = {"exports": exports_of(request), **page()}
    return render(request, template, shown, status=status)


def exports_of(request: HttpRequest) -> str:
    """What the links of a file begin with: the same filters, and all pages at once. A template with
    `exports` shows them by itself (`look/console.html`)."""
    query = request.GET.copy()
    for name in ("page", "after", "format"):
        query.pop(name, None)
    return f"?{query.urlencode()}&" if query else "?"


def as_file(
    request: HttpRequest,
    rows: Rows,
    columns: Sequence[Column],
    *,
    name: str,
    seen: Seen | None = None,
    most: int = EXPORTED_MAX,
) -> HttpResponse | None:
    """The rows as a file, if one is asked for. With `seen` they are of families: the reading is
    audited, and every line carries who took it away."""
    wanted = request.GET.get("format", "")
    if wanted not in FILES or request.method == "POST":
        return None
    asked = rows if isinstance(rows, Sequence) else _first(rows, most + 1)
    found, is_cut = asked[:most], len(asked) > most
    written = [c for c in columns if not c.post]
    if seen:
        seen(found)
        mark = f"{request.user} {stamp(now())}"
        written.append(Column(_("Exported by"), lambda _row: mark))
    # Read now: once this answer streams, the reader's clock and language are nobody's any more.
    lines = [[_plain(c.value(row)) for c in written] for row in found]
    if is_cut:
        lines.append([_("Only the first %(most)s lines: filter the list.") % {"most": most}])
    return _written([str(c.head) for c in written], lines, name=name, wanted=wanted)


def _first(rows: Any, most: int) -> list[Any]:
    try:
        return list(rows[:most])
    except TypeError:  # read once, like a generator
        return list(islice(rows, most))


def _cell(column: Column, row: Any) -> dict[str, Any]:
    return {
        "value": column.value(row),
        "link": column.link(row) if column.link else "",
        "kind": "num" if column.is_number else "say" if column.is_text else "",
        "state": column.state(row) if column.state else "",
        "post": column.post(row) if column.post else "",
        "is_button": bool(column.post),
    }


def _written(
    heads: Sequence[str], lines: Iterable[Sequence[Any]], *, name: str, wanted: str
) -> HttpResponse:
    if wanted == "csv":
        answer: Any = StreamingHttpResponse(
            exports.csv_blocks(heads=heads, rows=lines), content_type=exports.CSV_TYPE
        )
    else:
        answer = HttpResponse(content_type=exports.XLSX_TYPE)
        exports.write_table(answer, form="xlsx", heads=heads, rows=lines)
    answer["Content-Disposition"] = f'attachment; filename="{name}-{today():%Y%m%d}.{wanted}"'
    return answer


def _plain(value: Any) -> Any:
    return value if isinstance(value, int | float) or value is None else str(value)
