"""Rows made up for a chain that nobody has: numbered and written. Only `world` does this."""

from collections.abc import Sequence

from django.db import models

from warmline.base import pouring


def pour(rows: Sequence[models.Model]) -> None:
    """Write rows of one model; each gets its number first, in the order given."""
    if not rows:
        return
    numbers = pouring.numbers(type(rows[0])._meta.db_table, len(rows))
    for row, number in zip(rows, numbers, strict=True):
        row.pk = number
    pouring.pour(rows)
