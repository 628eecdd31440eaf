"""Sessions, in the database so that signing out means it; read with a statement of one line.

Every page reads its session. The ORM takes longer to compose that question than PostgreSQL takes to
answer it; everything else is Django's own.
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db import connections, router

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > now()"


class SessionStore(InDatabase):
    def load(self) -> dict[str, Any]:
        using = router.db_for_read(self.model)
        with connections[using].cursor() as cursor:
            cursor.execute(READ, [self.session_key])
            found = cursor.fetchone()
        if found is None:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(found[0])
        return kept
