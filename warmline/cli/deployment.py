"""One deployment as commands see it: a data directory, and the database that goes with it."""

import contextlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from psycopg.conninfo import conninfo_to_dict
from rich.console import Console

from warmline.base.postgres import Cluster
from warmline.base.words import gettext as _

DEFAULT_DATA = Path("var")


def _server_of_the_operator() -> str:
    return os.environ.get("DATABASE_URL") or os.environ.get("WARMLINE_DATABASE_URL") or ""


@dataclass(frozen=True)
class Deployment:
    data: Path
    server: str = field(default_factory=_server_of_the_operator)  # empty: the embedded one

    @property
    def remote(self) -> bool:
        """Whether the database is the operator's, and not merely our own given by its address."""
        if not self.server:
            return False
        return conninfo_to_dict(self.server).get("host") != self.cluster.host

    @property
    def cluster(self) -> Cluster:
        return Cluster(self.data / "database")

    def url(self, cluster: Cluster, *, owner: bool) -> str:
        """Where to sign in: as the app, or as the owner, who alone may change tables."""
        if self.server:
            return os.environ.get("WARMLINE_DATABASE_OWNER_URL", "") * owner or self.server
        return cluster.url("warmline" if owner else "warmline_app")

    @contextlib.contextmanager
    def server_running(self) -> Iterator[Cluster]:
        """The embedded server, started if nobody has; of an operator's server we ask nothing."""
        cluster = self.cluster
        if self.server:
            yield cluster
            return
        with Console(stderr=True).status("") as status:
            cluster.start(status.update)
        try:
            yield cluster
        finally:
            cluster.stop()

    @contextlib.contextmanager
    def database(self, *, owner: bool = False) -> Iterator[str]:
        """Database and Django, ready to work. Gives the URL that both use."""
        with self.server_running() as cluster:
            url = self.url(cluster, owner=owner)
            self.settle_environment(url)
            import django

            django.setup()
            try:
                yield url
            finally:
                from django.db import connections

                connections.close_all()

    def settle_environment(self, url: str) -> None:
        """What `config.settings` reads, for this process and its children."""
        os.environ["WARMLINE_DATA"] = str(self.data.absolute())
        os.environ["DATABASE_URL"] = url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _use(context: click.Context, _option: click.Parameter, data: Path | None) -> None:
    if data is not None:
        context.obj = Deployment(data)


class Folder(click.Path):
    """A directory; nothing at all (a variable that is not set) is a mistake, and not where one stands."""

    def __init__(self) -> None:
        super().__init__(file_okay=False, path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail(_("It is empty: name a directory."), param, ctx)
        return super().convert(value, param, ctx)


def data_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--data DIR`, for those who write it after the command rather than before."""
    option = click.option(
        "--data",
        type=Folder(),
        callback=_use,
        expose_value=False,
        help="Where this deployment keeps database, keys and files (default: ./var).",
    )
    return option(command)
