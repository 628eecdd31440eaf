"""Room for what is to come: partitions are opened ahead, so that nothing ever waits for one."""

from datetime import timedelta

from django.db import connection, transaction

from warmline.base.clock import now
from warmline.goods.trace import subscribing

AHEAD = timedelta(days=400)


def open_ahead() -> int:
    """Months of events and quarters of units until more than a year from now; how many are new."""
    subscribing.purge()
    here = now().date()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT trace_open_partitions(%s, %s)", [here, here + AHEAD])
        return int(cursor.fetchone()[0])
