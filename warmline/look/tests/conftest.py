"""A small server without a database, showing the sample screens to a real browser."""

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.handlers.wsgi import WSGIHandler
from django.test import override_settings

from tests.browser import browsers, chromium  # noqa: F401 fixtures

PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
HERE = Path(__file__).parent


class Threads(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class Quiet(WSGIRequestHandler):
    def log_message(self, *said: object) -> None:
        pass


def look_settings() -> override_settings:
    from django.conf import settings

    templates = [{**settings.TEMPLATES[0], "DIRS": [HERE / "templates"]}]
    return override_settings(
        DEBUG=True,
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="warmline.look.tests.screens",
        MIDDLEWARE=["warmline.base.web.RequestMiddleware"],
        TEMPLATES=templates,
        STORAGES={**settings.STORAGES, "staticfiles": PLAIN},
    )


@pytest.fixture(scope="module")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the sample screens. It is Saturday half past nine in Chengdu."""
    clock = tmp_path_factory.mktemp("clock") / "clock"
    clock.write_text("2026-11-21T09:30:00+08:00")
    with pytest.MonkeyPatch.context() as patch, look_settings():
        patch.setenv("WARMLINE_TESTING", "1")
        patch.setenv("WARMLINE_CLOCK", str(clock))
        app = StaticFilesHandler(WSGIHandler())
        server = make_server("127.0.0.1", 0, app, server_class=Threads, handler_class=Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()
