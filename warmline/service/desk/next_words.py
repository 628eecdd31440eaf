"""The next word: the times at which one may well promise to be heard from, so that one tap says it."""

from datetime import datetime, time, timedelta

from django.utils.timezone import get_current_timezone

from warmline.base.clock import now
from warmline.core.contacts.gates import quiet_until
from warmline.core.contacts.models import Purpose
from warmline.service.desk.models import Case


def offered(case: Case, *, said: str = "") -> list[datetime]:
    """An hour from now unless the family is left in peace then, today's and tomorrow's sundown at the
    store, noon of the next days; `said` is what was chosen before. On the reader's clock, each once."""
    zone = case.store.zone
    here = now().astimezone(zone)
    noon = datetime.combine(here.date(), time(12), zone)
    days = case.days()
    sundown = days.later(here + timedelta(minutes=30))
    at = {
        sundown,
        noon + timedelta(days=1),
        days.after(sundown, 1),
        noon + timedelta(days=2),
    }
    soon = here.replace(minute=here.minute // 10 * 10, second=0, microsecond=0) + timedelta(hours=1)
    if quiet_until(Purpose.SERVICE, zone, soon) is None:
        at.add(soon)
    if chosen := instant(said):
        at.add(chosen)
    return [
        one.astimezone(get_current_timezone()) for one in sorted(at) if one > here or one == chosen
    ]


def instant(said: str) -> datetime | None:
    """An instant as a form sends it; anything else is none."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        return None
    return at if at.tzinfo else None
