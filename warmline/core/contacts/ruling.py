"""Head office sets how often families may be touched, and when never."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from warmline.core.contacts.models import Budget, QuietHours


@transaction.atomic
def keep_budgets(rules: Mapping[str, Mapping[str, Any]]) -> None:
    """`{purpose: {"tries_max", "days", "is_hard"}}`; purposes that are not named stay as they are."""
    for purpose, rule in rules.items():
        Budget.objects.update_or_create(purpose=purpose, defaults=dict(rule))


def keep_quiet_hours(**hours: Any) -> None:
    kept = QuietHours.objects.first() or QuietHours()
    for name, value in hours.items():
        setattr(kept, name, value)
    kept.full_clean()
    kept.save()
