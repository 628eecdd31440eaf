"""Matching late: a sale waited for its family to join, or a line for the catalogue to know it.

The till writes what it is told; who that is, we may learn a month later. Then the sale becomes the
family's as if it had come today, and its journal line says how late it is.
"""

from collections.abc import Collection
from pathlib import Path

from django.db import connection, transaction

from warmline.base import sql
from warmline.base.clock import now
from warmline.core.journal.listeners import listeners_of
from warmline.core.people.models import Member
from warmline.goods.sales.signals import SalePosted

MATCHING = Path(__file__).with_name("matching.sql")
NAMING = Path(__file__).with_name("naming.sql")


def match(member: Member) -> int:
    """The sales that waited for this member's number or phone; how many found her family."""
    return match_many([member.pk])


def match_many(members: Collection[int]) -> int:
    """The same for many members in one statement. A phone of two families belongs to neither."""
    params = {
        "members": sorted(members),
        "now": now(),
        "listeners": listeners_of(SalePosted),
    }
    with transaction.atomic():
        return int(sql.run(MATCHING, params)[0][0])


def name_lines(products: Collection[int]) -> set[int]:
    """Lines whose code these products are: the families whose history has changed."""
    with transaction.atomic():
        with connection.cursor() as cursor:  # a whole catalogue takes longer than a page may
            cursor.execute("SET LOCAL statement_timeout = '30min'")
        found = sql.run(NAMING, {"products": list(products)})
    return {household for (household,) in found if household}
