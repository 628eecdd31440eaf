"""The web server's entrance under `warmline serve`: each worker ends with the server it is of."""

import signal

from warmline.base.postgres.process import follow_parent

follow_parent(signal.SIGKILL)

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
