"""The rates on paper: each figure with what it is a share of, so that nobody reads three of four as a
trend. In the language of whoever asks for it."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from warmline.base import typeface
from warmline.base.clock import now
from warmline.insight.desk import CauseCount, DeskRates, SampleCount
from warmline.insight.measures import Period
from warmline.look.tables import stamp

Words = Callable[..., Flowable]  # a text as it is drawn
FEW = 30  # below it a share says little
ROWS_MAX = 2_000
CAUSES_SHOWN = 12
LINE, QUIET, INK = (colors.HexColor(code) for code in ("#d8d2c8", "#6b645a", "#2a2622"))
SHARES: list[tuple[Any, str, str, Any]] = [  # what, part, whole, of what
    (gettext_lazy("Complaint rate"), "complaints", "sales", gettext_lazy("complaints of receipts")),
    (gettext_lazy("Omission rate"), "omitted", "contacts", gettext_lazy("missed of contacts")),
    (
        gettext_lazy("Dissatisfaction rate"),
        "dissatisfied",
        "rated",
        gettext_lazy("not content of rated"),
    ),
    (
        gettext_lazy("Answered before sundown"),
        "answered_in_time",
        "due",
        gettext_lazy("in time of due"),
    ),
    (
        gettext_lazy("Finished in time"),
        "finished_in_time",
        "to_finish",
        gettext_lazy("in time of due"),
    ),
    (gettext_lazy("Solved at once"), "solved_at_once", "came", gettext_lazy("of what came in")),
    (gettext_lazy("Opened again"), "reopened", "came", gettext_lazy("of what came in")),
]


@dataclass(frozen=True, kw_only=True)
class Report:
    """What is printed: of which days, by what, for whom."""

    period: Period
    scope: str  # by store, by region, by guide
    rows: Sequence[DeskRates]
    total: DeskRates
    before: DeskRates
    samples: Sequence[tuple[Any, SampleCount]]
    causes: Sequence[CauseCount]
    by: str

    @property
    def days(self) -> str:
        last = self.period.last - timedelta(days=1)
        return f"{self.period.first:%Y-%m-%d} – {last:%Y-%m-%d}"


def as_pdf(report: Report) -> bytes:
    said: list[str] = []

    def listen(text: str, **_how: Any) -> Flowable:
        said.append(text)
        return Spacer(0, 0)

    _story(report, listen)
    foot = _foot(report)
    font = typeface.with_signs([*said, foot])
    out = io.BytesIO()
    page = SimpleDocTemplate(
        out,
        pagesize=landscape(A4),
        leftMargin=14 * mm,
        rightMargin=14 * mm,
        topMargin=14 * mm,
        bottomMargin=16 * mm,
        title=f"{_('Three rates of the desk')} {report.days}",
        author=report.by,
    )

    def draw_foot(canvas: Canvas, _document: Any) -> None:
        canvas.setFont(font, 7)
        canvas.setFillColor(QUIET)
        canvas.drawString(14 * mm, 9 * mm, foot)
        canvas.drawRightString(landscape(A4)[0] - 14 * mm, 9 * mm, str(canvas.getPageNumber()))

    story = _story(report, partial(_words, font))
    page.build(story, onFirstPage=draw_foot, onLaterPages=draw_foot)
    return out.getvalue()


def _foot(report: Report) -> str:
    return _("%(days)s · %(scope)s · printed %(at)s by %(who)s") % {
        "days": report.days,
        "scope": report.scope,
        "at": stamp(now()),
        "who": report.by,
    }


def _story(report: Report, words: Words) -> list[Flowable]:
    story: list[Flowable] = [
        words(_("Three rates of the desk"), size=16),
        words(f"{report.days} · {report.scope}", quiet=True),
        Spacer(0, 4 * mm),
        _totals(report, words),
        Spacer(0, 5 * mm),
        _rows(report, words),
        Spacer(0, 2 * mm),
        words(
            _("* of fewer than %(few)s: a share of so few says little.") % {"few": FEW}, quiet=True
        ),
    ]
    if report.samples:
        story += [Spacer(0, 5 * mm), words(_("Spot checks"), size=11), _samples(report, words)]
    if report.causes:
        story += [Spacer(0, 5 * mm), words(_("Causes"), size=11), _causes(report, words)]
    return story


def _totals(report: Report, words: Words) -> Table:
    """All of it together: the share, of how many, and the while before."""
    cells = []
    for named, part, whole, of_what in SHARES:
        mine, was = _pair(report.total, part, whole), _pair(report.before, part, whole)
        before = _("before: %(share)s (%(part)s / %(whole)s)") % {
            "share": share(*was), "part": was[0], "whole": was[1],
        }  # fmt: skip
        cells.append(
            [
                words(str(named), quiet=True),
                words(share(*mine), size=14),
                words(f"{mine[0]} / {mine[1]} {of_what}", quiet=True),
                words(before, quiet=True),
            ]
        )
    table = Table([cells], colWidths=[37.4 * mm] * len(cells), hAlign="LEFT")
    table.setStyle(
        _lines([("BOX", (0, 0), (-1, -1), 0.5, LINE), ("INNERGRID", (0, 0), (-1, -1), 0.5, LINE)])
    )
    return table


def _rows(report: Report, words: Words) -> Table:
    heads = [_("Of"), _("Came in"), *(str(named) for named, *_rest in SHARES), _("Promises broken")]
    lines = [
        [
            words(row.name or _("the store's queue")),
            words(str(row.came)),
            *(_share_cell(words, row, part, whole) for _named, part, whole, _of in SHARES),
            words(str(row.broken)),
        ]
        for row in report.rows[:ROWS_MAX]
    ]
    return _table(words, heads, lines, widths=[40, 15, *([27] * len(SHARES)), 18])


def _samples(report: Report, words: Words) -> Table:
    heads = [_("Why it was drawn"), _("Drawn"), _("Looked at"), _("Not right"), _("Share")]
    lines = [
        [
            words(str(named)),
            *(words(str(n)) for n in (row.drawn, row.looked_at, row.wrong)),
            words(share(row.wrong, row.looked_at)),
        ]
        for named, row in report.samples
    ]
    return _table(words, heads, lines, widths=[70, 25, 25, 25, 25])


def _causes(report: Report, words: Words) -> Table:
    heads = [_("Cause"), _("Group"), _("Cases"), _("Complaints"), _("Together, %")]
    lines = [
        [
            words(str(row.name) or _("Not known yet")),
            words(str(row.group)),
            words(str(row.cases)),
            words(str(row.complaints)),
            words(f"{100 * row.together:.1f}"),
        ]
        for row in report.causes[:CAUSES_SHOWN]
    ]
    return _table(words, heads, lines, widths=[60, 50, 25, 25, 25])


def share(part: int, whole: int) -> str:
    """A share with its mark when it is of few; a dash when it is of nothing."""
    if not whole:
        return "—"
    return f"{100 * part / whole:.1f}%{'*' if whole < FEW else ''}"


def _share_cell(words: Words, row: DeskRates, part: str, whole: str) -> Paragraph:
    mine = _pair(row, part, whole)
    return words(f"{share(*mine)}  {mine[0]} / {mine[1]}")


def _pair(row: DeskRates, part: str, whole: str) -> tuple[int, int]:
    return getattr(row, part), getattr(row, whole)


def _table(
    words: Words, heads: list[str], lines: list[list[Paragraph]], *, widths: list[int]
) -> Table:
    rows = [[words(head, quiet=True) for head in heads], *lines]
    table = Table(rows, colWidths=[w * mm for w in widths], repeatRows=1, hAlign="LEFT")
    table.setStyle(_lines([("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE)]))
    return table


def _lines(more: list[Any]) -> TableStyle:
    close = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 4)]
    return TableStyle([*close, ("TOPPADDING", (0, 0), (-1, -1), 3), *more])


def _words(font: str, text: str, *, size: float = 8.5, quiet: bool = False) -> Paragraph:
    style = ParagraphStyle(
        "words",
        fontName=font,
        fontSize=7.5 if quiet else size,
        leading=(7.5 if quiet else size) * 1.4,
        textColor=QUIET if quiet else INK,
        wordWrap="CJK",
    )
    return Paragraph(escape(text), style)
