"""When each consumable runs out: the day, its reasons and its record, and what may be said against it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from warmline.core.people.models import Household
from warmline.doors.guide.calls import ELSEWHERE
from warmline.look.stencils import stencil
from warmline.look.templatetags.look import gauge
from warmline.service.care.explaining import reasons
from warmline.service.care.models import RunOut
from warmline.service.care.track_record import Kept, track_record

if TYPE_CHECKING:
    from warmline.doors.guide.family import CorrectionForm

draw = stencil("guide/family/_forecast.html")
OF_PRODUCT = (
    "category__code",
    "category__name",
    "category__unit",
    "category__use",
    "product__name",
)
OF_DAY = ("household", "p10_on", "p50_on", "p90_on", "reasons", "last_content", "last_packs")


def drawn(family: Household, *, token: str, wrong: "CorrectionForm | None") -> list[SafeString]:
    """A card for each consumable; with what was typed, where it could not be accepted."""
    return list(_drawn(family, token=token, wrong=wrong))


def _drawn(
    family: Household, *, token: str, wrong: "CorrectionForm | None"
) -> Iterator[SafeString]:
    records = track_record(family.pk)
    rows = family.run_outs.select_related("category", "product").order_by("call_on")
    for row in rows.only(*OF_PRODUCT, *OF_DAY):
        category, unit = row.category, row.category.unit_name
        refused = wrong if wrong and wrong.data.get("category") == category.code else None
        yield draw(
            csrf_token=token,
            family=family.pk,
            row=row.pk,
            code=category.code,
            name=str(category.name),
            product=row.product.name if row.product else "",
            gauge=_gauge(row),
            record=_record(records.get(row.category_id)),
            reasons=reasons(row.reasons, unit=unit),
            is_formula=category.use == "formula",
            unit="" if row.pack else unit,
            elsewhere=[(share, str(words)) for share, words in ELSEWHERE],
            is_refused=refused is not None,
            errors=refused.all_errors if refused else [],
            typed=refused.typed if refused else "",
        )


def _gauge(row: RunOut) -> str:
    """Nothing, where nothing can be foreseen."""
    if row.p10_on is None or row.p50_on is None or row.p90_on is None:
        return ""
    return gauge(row.p10_on, row.p50_on, row.p90_on)


def _record(record: Kept | None) -> str:
    if record is None:
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
