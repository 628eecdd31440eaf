"""`warmline backup`, `verify`, `restore`: the chain's memory in one sealed file."""

import tempfile
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, SpinnerColumn, TextColumn

from warmline.base.backup import Manifest, Source, back_up
from warmline.base.backup import restore as restore_from
from warmline.base.backup import verify as verify_file
from warmline.base.clock import now
from warmline.base.crypto import KeyRing
from warmline.base.postgres import Cluster
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option

file_argument = click.argument("file", type=click.Path(dir_okay=False, path_type=Path))


@click.command()
@click.option("--to", type=click.Path(path_type=Path), help="The file; default: in DATA/backups.")
@data_option
@click.pass_obj
def backup(deployment: Deployment, to: Path | None) -> None:
    """Save the database while the shop is open; the keys are not in it: keep them elsewhere."""
    with deployment.server_running() as cluster:
        kept = take_backup(deployment, owner_url=deployment.url(cluster, owner=True), to=to)
    click.echo(kept)
    _say(_("Keep %(keys)s in another place: without it nobody can open the backup."), deployment)


@click.command()
@file_argument
@click.option("--rehearse", is_flag=True, help="Restore it too, into a database made for that.")
@data_option
@click.pass_obj
def verify(deployment: Deployment, file: Path, rehearse: bool) -> None:
    """Prove that a backup is whole, and with --rehearse that every row comes back."""
    key = _key(deployment)
    with _progress(_("Reading")) as progress:
        task = progress.add_task("", total=None)
        manifest = verify_file(file, key=key)
        if rehearse:
            deployment.data.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(prefix="rehearsal-", dir=deployment.data) as place:
                Path(place).chmod(0o755)  # the server's account passes through; its home is closed
                with Cluster(Path(place) / "database").running() as cluster:
                    restore_from(
                        file,
                        into=Source(dsn=cluster.url("warmline")),
                        key=key,
                        on_progress=lambda done: progress.update(task, completed=done),
                    )
    _tell(manifest, _("whole") if not rehearse else _("whole, and every row came back"))


@click.command()
@file_argument
@click.option("--keys", type=click.Path(path_type=Path), help="The keys.json of that time.")
@data_option
@click.pass_obj
def restore(deployment: Deployment, file: Path, keys: Path | None) -> None:
    """Bring a backup back, into a data directory (or a server) that holds nothing yet."""
    if keys is not None:
        _bring_keys(keys, deployment)
    key = _key(deployment)
    verify_file(file, key=key)  # before a database is even made
    with deployment.server_running() as cluster, _progress(_("Restoring")) as progress:
        task = progress.add_task("", total=None)
        into = Source(dsn=deployment.url(cluster, owner=True), remote=deployment.remote)
        manifest = restore_from(
            file, into=into, key=key, on_progress=lambda done: progress.update(task, completed=done)
        )
    _tell(manifest, _("restored, every row proven"))


def take_backup(
    deployment: Deployment, *, owner_url: str, to: Path | None = None, name: str = "warmline"
) -> Path:
    keys = deployment.data / "keys.json"
    if not keys.exists():
        KeyRing.create(keys)
    to = to or deployment.data / "backups" / f"{name}-{now():%Y%m%d-%H%M%S}.backup"
    with _progress(_("Saving")) as progress:
        task = progress.add_task("", total=None)
        manifest = back_up(
            Source(dsn=owner_url, remote=deployment.remote),
            to=to,
            key=KeyRing(keys).backup,
            on_progress=lambda done: progress.update(task, completed=done),
        )
    _tell(manifest, _("saved and read back"))
    return to


def _key(deployment: Deployment) -> bytes:
    keys = deployment.data / "keys.json"
    if not keys.exists():
        raise Trouble(
            _("There is no %(keys)s, and a backup is sealed with it.") % {"keys": keys},
            mend=_("Bring the keys.json of that time: warmline restore FILE --keys KEYS"),
        )
    return KeyRing(keys).backup


def _bring_keys(keys: Path, deployment: Deployment) -> None:
    """The families' numbers can be read with these alone; others that are there stay there."""
    place = deployment.data / "keys.json"
    brought = keys.read_bytes()
    if place.exists() and place.read_bytes() != brought:
        raise Trouble(
            _("%(place)s holds other keys.") % {"place": place},
            mend=_("Restore into a fresh directory, or move those keys away first."),
        )
    deployment.data.mkdir(parents=True, exist_ok=True)
    place.touch(mode=0o600)
    place.write_bytes(brought)


def _progress(what: str) -> Progress:
    columns = (SpinnerColumn(), TextColumn(what), BarColumn(), DownloadColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True)


def _tell(manifest: Manifest, how: str) -> None:
    told = _("%(rows)s rows in %(tables)s tables, as of %(made_at)s: %(how)s.") % {
        "rows": f"{manifest.rows:,}",
        "tables": len(manifest.tables),
        "made_at": manifest.made_at,
        "how": how,
    }
    Console(stderr=True, highlight=False).print(told, markup=False, soft_wrap=True)


def _say(sentence: str, deployment: Deployment) -> None:
    told = sentence % {"keys": deployment.data / "keys.json"}
    Console(stderr=True, highlight=False).print(told, markup=False, soft_wrap=True)
