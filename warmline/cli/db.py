"""`warmline db`: the database's address, its tables brought up to date, a prompt inside it."""

import os
import signal
import subprocess

import click
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from warmline.base.postgres.binaries import client_program
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option

owner_option = click.option("--owner", is_flag=True, help="As the owner, who may change tables.")


@click.group()
def db() -> None:
    """The database: its address, its upgrade, a prompt inside it."""


@db.command()
@owner_option
@data_option
@click.pass_obj
def url(deployment: Deployment, owner: bool) -> None:
    """Print the address that any PostgreSQL client understands."""
    click.echo(deployment.url(deployment.cluster, owner=owner))


@db.command()
@data_option
@click.pass_obj
def upgrade(deployment: Deployment) -> None:
    """Bring database and tables up to date; a backup is made first if there is something to lose."""
    from warmline.cli.upgrading import upgrade_server, upgrade_tables

    upgrade_server(deployment)
    upgrade_tables(deployment)


@db.command(context_settings={"ignore_unknown_options": True})
@owner_option
@data_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
@click.pass_obj
def psql(deployment: Deployment, owner: bool, arguments: tuple[str, ...]) -> None:
    """A prompt inside the database, or whatever psql does with ARGUMENTS (after --)."""
    with deployment.server_running() as cluster:
        parts = conninfo_to_dict(deployment.url(cluster, owner=owner))
        password = str(parts.pop("password", ""))  # not on the command line, where `ps` shows it
        command = [
            client_program("psql", remote=deployment.remote),
            make_conninfo("", **parts),
        ]
        env = os.environ | ({"PGPASSWORD": password} if password else {})
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends a query, not the session
        code = subprocess.run([*command, *arguments], env=env, check=False).returncode
    raise SystemExit(code)


@db.command()
@click.option("--shards", default=64, show_default=True, type=click.IntRange(1, 512))
@click.option("--yes", is_flag=True, help="Do it; without this it only says what would be done.")
@data_option
@click.pass_obj
def distribute(deployment: Deployment, shards: int, yes: bool) -> None:
    """Spread the tables of single tins over the servers of a Citus cluster (docs/scale.md)."""
    with deployment.database(owner=True):
        from warmline.goods.trace import distributing

        try:
            tables = distributing.standing()
        except distributing.NoCitus:
            raise Trouble(
                _("This PostgreSQL has no Citus extension: the tables stay on one server."),
                mend=_("Install Citus on every server, or go on as it is: see docs/scale.md."),
            ) from None
        for one in tables:
            state = _("spread") if one.is_spread else _("waits")
            click.echo(f"{one.table:20} {one.column:10} {state}")
        if yes:
            done = distributing.distribute(shards=shards)
            click.echo(_("%(count)s tables spread.") % {"count": len(done)})
