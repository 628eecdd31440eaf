"""When each consumable runs out: the day, its reasons and its record, and what may be said against it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from warmline.base.i18n import I18nText
from warmline.doors.guide.calls import ELSEWHERE
from warmline.doors.guide.facts import day
from warmline.goods.catalog.models import UNITS
from warmline.look.stencils import stencil
from warmline.look.templatetags.look import gauge
from warmline.service.care.explaining import reasons
from warmline.service.care.track_record import Kept, kept

if TYPE_CHECKING:
    from warmline.doors.guide.family import CorrectionForm

draw = stencil("guide/family/_forecast.html")
Row = dict[str, Any]  # of `file.sql`


def drawn(
    rows: list[Row], *, family: int, token: str, wrong: "CorrectionForm | None"
) -> list[SafeString]:
    """A card for each consumable; with what was typed, where it could not be accepted."""
    return list(_drawn(rows, family=family, token=token, wrong=wrong))


def _drawn(
    rows: list[Row], *, family: int, token: str, wrong: "CorrectionForm | None"
) -> Iterator[SafeString]:
    for row in rows:
        code, unit = row["category"], str(UNITS.get(row["unit"], row["unit"]))
        refused = wrong if wrong and wrong.data.get("category") == code else None
        yield draw(
            csrf_token=token,
            family=family,
            row=row["pk"],
            code=code,
            name=str(I18nText(row["name"])),
            product=row["product"] or "",
            gauge=_gauge(row),
            record=_record(kept(row["record"] or [])),
            reasons=reasons(row["reasons"], unit=unit),
            is_formula=row["use"] == "formula",
            unit="" if row["has_pack"] else unit,
            elsewhere=[(share, str(words)) for share, words in ELSEWHERE],
            is_refused=refused is not None,
            errors=refused.all_errors if refused else [],
            typed=refused.typed if refused else "",
        )


def _gauge(row: Row) -> str:
    """Nothing, where nothing can be foreseen."""
    p10, p50, p90 = day(row["p10_on"]), day(row["p50_on"]), day(row["p90_on"])
    return gauge(p10, p50, p90) if p10 and p50 and p90 else ""


def _record(record: Kept) -> str:
    if not record.count:
        return _("No track record yet: the next purchase will be the first test.")
    if record.count == 1:
        days = floatformat(record.mean_days, 0)
        return _("The last forecast was off by %(days)s days.") % {"days": days}
    return _(
        "The last %(n)s forecasts were off by %(days)s days on average; %(inside)s of %(n)s"
        " purchases came within the range."
    ) % {
        "n": record.count,
        "days": floatformat(record.mean_days, 1),
        "inside": record.inside,
    }
