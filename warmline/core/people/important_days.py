"""Days that matter to a family, as a guide writes them down: marked, put right, taken out."""

from calendar import monthrange
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.core.journal.recording import record
from warmline.core.people.dates import LUNAR, Anniversary
from warmline.core.people.models import Household, ImportantDate, Staff
from warmline.core.people.signals import ImportantDateChanged

LEAP_YEAR = 2024
LONGEST_MOON = 30


@transaction.atomic
def mark(
    household: Household,
    anniversary: Anniversary,
    *,
    name: str,
    by: Staff | None = None,
    **whose: Any,
) -> ImportantDate:
    """Remember a day from now on; `whose` names the member or the child it is about, if anybody."""
    day = ImportantDate(household=household)
    return _write(day, anniversary, "marked", by=by, name=name, **whose)


@transaction.atomic
def change(
    day: ImportantDate,
    anniversary: Anniversary,
    *,
    name: str,
    by: Staff | None = None,
    **whose: Any,
) -> ImportantDate:
    """It was written down wrongly."""
    return _write(day, anniversary, "changed", by=by, name=name, **whose)


@transaction.atomic
def drop(day: ImportantDate, *, by: Staff | None = None) -> None:
    """It does not matter any more."""
    _tell(day, "dropped", by=by)
    day.delete()


def check(anniversary: Anniversary) -> None:
    """Whether there is such a day: by the sun some year has it, by the moon at most a thirtieth."""
    is_lunar = anniversary.calendar == LUNAR
    months = 1 <= anniversary.month <= 12
    longest = monthrange(LEAP_YEAR, anniversary.month)[1] if months else 31
    if not months or not 1 <= anniversary.day <= (LONGEST_MOON if is_lunar else longest):
        raise ValidationError({"day": _("This month has no such day.")})
    if anniversary.is_leap_month and not is_lunar:
        raise ValidationError({"is_leap_month": _("Only the moon's calendar has leap months.")})


def _write(
    day: ImportantDate, anniversary: Anniversary, what: str, *, by: Staff | None, **facts: Any
) -> ImportantDate:
    check(anniversary)
    child = facts.get("child")
    if child and child.frozen_at:
        raise ValidationError(_("The guardian has not agreed that we keep this baby's record."))
    for field, value in {**anniversary._asdict(), **facts}.items():
        setattr(day, field, value)
    day.save()
    _tell(day, what, by=by)
    return day


def _tell(day: ImportantDate, what: str, *, by: Staff | None) -> None:
    home = day.household
    at = {"household": home.pk, "store": home.store_id}
    record(ImportantDateChanged(**at, important_date=day.pk, what=what), by=by)
