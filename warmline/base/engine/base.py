"""Whether the database still listens is seen, and asked only when there is doubt.

A connection lives as long as its thread, so every page asks first whether it still holds. A server
that went away has hung up, or has said why it does: then there is something to read. On a line
that is quiet and between two transactions nobody needs to be asked, which spares every page one
question of seven.
"""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        if self.connection.info.transaction_status != TransactionStatus.IDLE:
            return super().is_usable()  # one that failed answers nothing any more
        line = select.poll()
        line.register(self.connection.fileno(), select.POLLIN)
        return not line.poll(0) or super().is_usable()
