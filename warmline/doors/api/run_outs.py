"""Run-outs: what the forecast says of each family's consumables."""

from datetime import date
from typing import Annotated, Any

from ninja import Query, Router

from warmline.core.people.reading import saw
from warmline.doors.api import access, shapes
from warmline.doors.api.door import answers
from warmline.doors.api.pages import Page, Paging, page
from warmline.doors.api.shapes import text
from warmline.doors.api.tokens import ApiRequest
from warmline.service.care.models import RunOut

router = Router(tags=["run-outs"])


class Asked(Paging):
    household: shapes.Id | None = None
    category: Annotated[str, text(30)] = ""
    call_before: date | None = None


@router.get("/run-outs", response=answers(Page[shapes.RunOut]), url_name="run-outs")
def listed(request: ApiRequest, asked: Query[Asked]) -> Any:
    """When the last tin is empty: the day that is as likely too early as too late (p50), and the
    days before and after which it is not to be expected."""
    rows = access.run_outs(request).select_related("category")
    if asked.household:
        rows = rows.filter(household=access.family(request, asked.household))
    wanted = {"category__code": asked.category, "call_on__lt": asked.call_before}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    result = page(rows, asked)
    saw(request, [row.household_id for row in result["items"]], "run_out")
    return result | {"items": [_run_out(row) for row in result["items"]]}


def _run_out(row: RunOut) -> dict[str, Any]:
    plain = ("last_on", "p10_on", "p50_on", "p90_on", "call_on", "chance", "reasons")
    facts = {name: getattr(row, name) for name in plain}
    return facts | {
        "household": row.household_id,
        "category": row.category.code,
        "product": row.product_id,
    }
