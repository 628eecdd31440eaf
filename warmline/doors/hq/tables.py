"""Every list of head office: a page of a table, and the same rows as a file."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime

from warmline.base import exports
from warmline.base.clock import today
from warmline.doors.hq.access import HQRequest

PAGE = 50
FILES = frozenset({"csv", "xlsx"})
EXPORTED_MAX = 100_000


@dataclass(frozen=True)
class Column:
    """A head, and what a row says under it; `link` makes the cell a way to the row's page."""

    head: Any
    value: Callable[[Any], Any]
    link: Callable[[Any], str] | None = None
    is_number: bool = False
    state: Callable[[Any], str] | None = None


def stamp(at: datetime, *, seconds: bool = False) -> str:
    """An instant on head office's clock, as a table and its file say it."""
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"[: 19 if seconds else 16]


def listing(
    request: HQRequest,
    template: str,
    rows: Any,
    columns: Sequence[Column],
    *,
    name: str,
    seen: Callable[[Iterable[Any]], None] | None = None,
    **context: Any,
) -> HttpResponse:
    """One page of these rows; with `?format=csv` or `xlsx` all of them as a file called `name`."""
    wanted = request.GET.get("format", "")
    if wanted in FILES:
        found = list(rows[:EXPORTED_MAX])
        if seen:
            seen(found)
        return _file(found, columns, name=name, wanted=wanted)
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    if seen:
        seen(page.object_list)
    query = request.GET.copy()
    query.pop("page", None)
    kept = f"{query.urlencode()}&" if query else ""
    table = [[_cell(c, row) for c in columns] for row in page.object_list]
    shown = {"page": page, "columns": columns, "table": table, "query": kept, **context}
    return render(request, template, shown)


def _cell(column: Column, row: Any) -> dict[str, Any]:
    return {
        "value": column.value(row),
        "link": column.link(row) if column.link else "",
        "is_number": column.is_number,
        "state": column.state(row) if column.state else "",
    }


def _file(
    rows: Sequence[Any], columns: Sequence[Column], *, name: str, wanted: str
) -> HttpResponse:
    heads = [str(c.head) for c in columns]
    lines = ([_plain(c.value(row)) for c in columns] for row in rows)
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
