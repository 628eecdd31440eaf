"""What there is to be asked about: things, places and words that any event named."""

from typing import Any

from django.db.models import Exists, OuterRef

from warmline.goods.trace import knowing, naming
from warmline.goods.trace.epcis.words import full
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.models import Event, Place, Unit, UnitEvent, Word

COLUMNS = {
    "bizSteps": ("biz_step", Word, "bizStep"),
    "dispositions": ("disposition", Word, "disposition"),
    "bizLocations": ("biz_location", Place, ""),
    "readPoints": ("read_point", Place, ""),
}


def values(what: str, *, after: int | None, size: int) -> tuple[list[str], int | None]:
    """Their names by the page, and the number after which the next page begins."""
    if what == "epcs":
        rows = Unit.objects.filter(unit_id__gt=after or 0).order_by("unit_id")
        ids = list(rows.values_list("unit_id", flat=True)[: size + 1])
        names = knowing.names(ids[:size])
        shown = [names[unit] for unit in ids[:size] if unit in names]
        return shown, ids[size - 1] if len(ids) > size else None
    column, model, _field = COLUMNS[what]
    named: Any = model
    used = Event.objects.filter(**{column: OuterRef("pk")})
    found = named.objects.filter(Exists(used), pk__gt=after or 0).order_by("pk")
    listed = list(found.values_list("pk", "uri")[: size + 1])
    return [uri for _pk, uri in listed[:size]], listed[size - 1][0] if len(listed) > size else None


def is_known(what: str, value: str) -> bool:
    """Whether any event named it."""
    if what == "epcs":
        try:
            unit = knowing.unit_named(value)
        except BadKey:
            return False
        return unit is not None and UnitEvent.objects.filter(unit_id=unit).exists()
    column, model, field = COLUMNS[what]
    if model is Word:
        number = naming.number_of(Word, full(value, field))
    else:
        try:
            number = naming.number_of(Place, parse(value).uri)
        except BadKey:
            return False
    return number is not None and Event.objects.filter(**{column: number}).exists()
