"""What every morning looks for in care: run-outs, a baby's days, families gone quiet, dates."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from warmline.core.people.dates import kept_on
from warmline.core.people.models import Child, ImportantDate
from warmline.core.playbooks.facts import Fact, Type
from warmline.core.playbooks.finders import finder

PLAN = Path(__file__).parent / "plan"

CATEGORY = Fact("category", _("Category"), Type.TEXT)
PURCHASES = Fact("purchases", _("Purchases seen"), Type.NUMBER)
NODES = (
    ("expected", _("Due date")),
    ("full_moon", _("One month")),
    ("hundred_days", _("Hundred days")),
    ("weaning", _("First solids (six months)")),
    ("stage", _("Next stage of formula")),
    ("birthday", _("Birthday")),
)


def every_way_of_writing(first: date, last: date) -> Mapping[str, Any]:
    """Each day from first to last in all the ways in which an anniversary of it may be written."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    ways = [(day, *way) for day in days for way in kept_on(day)]
    names = ("days", "calendars", "months", "numbers", "leaps")
    return {name: [row[n] for row in ways] for n, name in enumerate(names)}


finder(
    "care.run_out_near",
    PLAN / "run_out_near.sql",
    name=_("Something is about to run out (the day to call)"),
    facts=(
        CATEGORY,
        PURCHASES,
        Fact("stage", _("Stage of the formula"), Type.NUMBER),
        Fact("width_days", _("Days between the early and the late run-out"), Type.NUMBER),
    ),
    grace_days=3,
    replay=PLAN / "run_out_near_replay.sql",
)
finder(
    "care.age_node",
    PLAN / "age_node.sql",
    name=_("A baby comes to a day that matters"),
    facts=(
        Fact("node", _("Which day"), Type.CHOICE, NODES),
        Fact("stage", _("Stage of the formula"), Type.NUMBER),
        Fact("feeding", _("How the baby is fed"), Type.CHOICE, tuple(Child.Feeding.choices)),
        Fact("age_days", _("Age in days"), Type.NUMBER),
    ),
    grace_days=3,
)
finder(
    "care.family_quiet",
    PLAN / "family_quiet.sql",
    name=_("A family has gone quiet"),
    facts=(
        CATEGORY,
        PURCHASES,
        Fact("silent_days", _("Days since the last purchase"), Type.NUMBER),
    ),
    grace_days=7,
)
finder(
    "care.important_date",
    PLAN / "important_date.sql",
    name=_("An important date comes round"),
    facts=(
        Fact("name", _("Name of the date"), Type.TEXT),
        Fact("calendar", _("Calendar"), Type.CHOICE, tuple(ImportantDate.Calendar.choices)),
    ),
    grace_days=1,
    params=every_way_of_writing,
)
finder(
    "care.complaint",
    PLAN / "complaint.sql",
    name=_("A family complained"),
    grace_days=3,
)
