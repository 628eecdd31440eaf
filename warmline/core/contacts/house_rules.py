"""The touch budget and quiet hours that a chain starts with; head office may change both."""

from datetime import time
from typing import Any

BUDGETS = (  # purpose, attempts, within days, hard
    ("sales", 2, 30, True),
    ("survey", 1, 30, True),
    ("care", 3, 7, False),
    ("service", 6, 7, False),
)
# No promotion from eight in the evening to nine in the morning, nothing at all from nine to eight.
QUIET = {"begins": time(21), "ends": time(8), "sales_begins": time(20), "sales_ends": time(9)}


def install(budgets: Any, quiet_hours: Any) -> None:
    """Write down what is missing; what a chain has changed stays as it is."""
    for purpose, tries_max, days, is_hard in BUDGETS:
        rule = {"tries_max": tries_max, "days": days, "is_hard": is_hard}
        budgets.objects.get_or_create(purpose=purpose, defaults=rule)
    if not quiet_hours.objects.exists():
        quiet_hours.objects.create(**QUIET)
