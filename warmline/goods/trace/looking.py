"""A family looks a tin up: what it is told, and what the first look proves.

Looks of families are counted apart from those of shops, dealers and inspectors; the same device
within a day counts once. When and in which city it was first looked up is said, never by whom. The
outer code proves no purchase: that is what the code under the lid is for.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from warmline.base import sql
from warmline.base.clock import now
from warmline.base.crypto import keys
from warmline.goods.trace import diverting, knowing, numbers
from warmline.goods.trace.identity import serials
from warmline.goods.trace.identity.keys import BadKey, gtin14, sgtin
from warmline.goods.trace.journeys import Step, journey
from warmline.goods.trace.models import Scan
from warmline.goods.trace.verdicts import Verdict, Word, verdict

SQL = Path(__file__).parent / "sql"
SAME_VISIT = timedelta(hours=24)
MANY = 4
HIDDEN = frozenset({Word.UNKNOWN, Word.VOID, Word.NOT_ACTIVE})  # one page, one answer (G15)


@dataclass(frozen=True, slots=True)
class Look:
    """What the page shows."""

    unit_id: int | None
    gtin: str
    serial: str
    verdict: Verdict
    looks: int = 0
    is_first: bool = False
    first_at: datetime | None = None
    first_city: str = ""

    @property
    def is_known(self) -> bool:
        return self.verdict.word not in HIDDEN

    @property
    def is_often(self) -> bool:
        """So many looks that a copy of the code is thinkable."""
        return self.looks > MANY

    @property
    def sentence(self) -> str:
        """Honest words: what the count means, and what it does not."""
        if self.is_first:
            return _("This is the first time that anybody looks this code up.")
        if self.looks <= 1:
            return _("Nobody but this device has looked this code up so far.")
        said = ngettext(
            "This code has been looked up %(looks)s time before, first on %(day)s.",
            "This code has been looked up %(looks)s times before, first on %(day)s.",
            self.looks - 1,
        ) % {
            "looks": self.looks - 1,
            "day": f"{localtime(self.first_at):%Y-%m-%d}" if self.first_at else "",
        }
        if self.is_often:
            said += " " + _(
                "That is often: if you did not do it, ask in the store before you use it."
            )
        return said


def device_of(*signs: str) -> bytes:
    """Tells visits of one device from another's for a day; tells nobody who it was."""
    text = "|".join([now().date().isoformat(), *signs])
    return hmac.digest(keys().index, text.encode(), hashlib.sha256)[:8]


def look(
    gtin: str,
    serial: str,
    *,
    device: bytes = b"",
    city: str = "",
    actor: int = Scan.Actor.PUBLIC,
    staff_id: int | None = None,
    place_id: int | None = None,
) -> Look:
    """Look a code up and count it; unknown, void and never used are one answer."""
    unit_id = unit_of(gtin, serial)
    said = verdict(_or_some(unit_id))
    if said.word in HIDDEN or unit_id is None:
        if unit_id is not None:
            knowing.is_of_others(serial)
        return Look(None, gtin, serial, Verdict(Word.UNKNOWN))
    row = {
        "unit": unit_id,
        "id": numbers.take(1)[0],
        "at": now(),
        "actor": actor,
        "staff": staff_id,
        "place": place_id,
        "verdict": list(Word).index(said.word),
        "device": device or None,
        "city": city[:40],
        "counts": actor in (Scan.Actor.PUBLIC, Scan.Actor.FAMILY),
        "same_visit": SAME_VISIT,
    }
    ((looks, first_at, first_city, is_first),) = sql.run(SQL / "look.sql", row)
    if row["counts"] and looks > diverting.DEVICES_MAX:
        diverting.look_at_scans(unit_id)
    return Look(unit_id, gtin, serial, said, looks, is_first, first_at, first_city)


def _or_some(unit_id: int | None) -> int:
    """What is none is asked as much of as what is void: time tells a guesser nothing (G15)."""
    return unit_id if unit_id is not None else knowing.some_unit()


def unit_of(gtin: str, serial: str) -> int | None:
    """The unit of this code, if anybody ever made or named it."""
    try:
        spelt = serial.upper() if len(serial) == serials.LETTERS else serial
        return knowing.unit_named(sgtin(gtin14(gtin), spelt))
    except BadKey:
        return None


def of_short_code(code: str) -> tuple[str, str] | None:
    """GTIN and serial behind `/t/{code}`: the code is the serial, and the batch knows its article."""
    place = serials.read(code)
    batch = knowing.batch_numbered(place[0]) if place else None
    if batch is None or place is None or place[1] >= batch.size or not batch.gtin:
        return None
    return batch.gtin, serials.write(batch.id, place[1])


def shown_code(code: str) -> tuple[str, str] | None:
    """The same for families: what is void or was never used is as good as unknown (G15)."""
    found = of_short_code(code)
    unit_id = unit_of(*found) if found else None
    said = verdict(_or_some(unit_id))
    return None if said.word in HIDDEN else found


def steps_for_families(unit_id: int) -> list[Step]:
    """The journey at the level of cities: each city and step once in a row."""
    shown: list[Step] = []
    for step in journey(unit_id):
        where = _where(step)
        if shown and shown[-1].step == step.step and _where(shown[-1]) == where:
            continue
        if step.step and (where or step.step == "commissioning"):
            shown.append(step)
    return shown


def _where(step: Step) -> str:
    return (step.place.city or step.place.name) if step.place else ""
