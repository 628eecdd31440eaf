"""`warmline serve`: database, web and the loops, until Ctrl-C."""

import os
import socket
import sys
from collections.abc import Callable

import click
from rich.console import Console

from warmline.base.supervisor import Child, Supervisor, loops_command, program, web_command
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option
from warmline.cli.preparing import is_prepared

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
console = Console(stderr=True, highlight=False)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="0.0.0.0: the whole network.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@data_option
@click.pass_obj
def serve(deployment: Deployment, host: str, port: int) -> None:
    """Open the shop: database, web server and loops; one Ctrl-C closes it."""

    def opened() -> None:
        console.print(_("Warmline is open at %(address)s") % {"address": address(host, port)})

    serve_shop(deployment, host=host, port=port, on_open=opened)


def serve_shop(
    deployment: Deployment, *, host: str, port: int, on_open: Callable[[], None]
) -> None:
    """Blocks until it is asked to stop. `on_open` is called once, when the first page is there."""
    _refuse_taken(host, port)
    supervisor = Supervisor(
        cluster=None if deployment.remote else deployment.cluster,
        web=Child("web", lambda: program(web_command(host=host, port=port))),
        loops=Child("loops", lambda: program(loops_command()), grace_s=20),
        say=_log,
    )
    with supervisor:
        cluster = deployment.cluster
        deployment.settle_environment(deployment.url(cluster, owner=False))
        if not is_prepared(deployment):
            owner_url = deployment.url(cluster, owner=True)
            env = os.environ | {"WARMLINE_DATABASE_OWNER_URL": owner_url}
            if supervisor.finish(_preparing(deployment), env=env):
                raise click.exceptions.Exit(1)  # it has said itself what is wrong
        supervisor.run(door=(_reachable(host), port), on_open=on_open)
    console.print(_("Warmline is closed."))


def address(host: str, port: int) -> str:
    return f"http://{'localhost' if host in ANYWHERE else host}:{port}/"


def _reachable(host: str) -> str:
    """The address under which we ourselves knock."""
    return ANYWHERE.get(host, host)


def _log(said: str) -> None:
    console.print(said, style="dim", markup=False)


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError as error:
            raise Trouble(
                _("Nobody can be received at %(host)s:%(port)s: %(reason)s.")
                % {"host": host, "port": port, "reason": error.strerror or error},
                mend=_("Choose another door: --port %(port)s") % {"port": port + 1},
            ) from error


def _preparing(deployment: Deployment) -> list[str]:
    return [sys.executable, "-m", "warmline.cli.preparing", str(deployment.data.absolute())]
