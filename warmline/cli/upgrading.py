"""Bringing the tables up to date, with a way back."""

import io
from collections.abc import Callable

from rich.console import Console

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment


def upgrade_server(deployment: Deployment) -> None:
    """The embedded database, if an older major version of PostgreSQL wrote it."""
    from warmline.base.clock import now
    from warmline.base.crypto import KeyRing
    from warmline.base.postgres import major

    if deployment.server or (steps := major.owed(deployment.cluster.home)) is None:
        return
    console = Console(stderr=True, highlight=False)
    keys = deployment.data / "keys.json"
    if not keys.exists():
        KeyRing.create(keys)
    name = f"before-postgresql-{steps[1]}-{now():%Y%m%d-%H%M%S}.backup"
    backup = deployment.data / "backups" / name
    with console.status("") as status:
        moved = major.move(
            deployment.cluster.root,
            backup=backup,
            key=KeyRing(keys).backup,
            on_progress=status.update,
        )
    told = _(
        "PostgreSQL %(old)s became %(new)s: %(rows)s rows, every table proven. The old files are"
        " kept in %(kept)s; delete them when you are content."
    ) % {
        "old": steps[0],
        "new": steps[1],
        "rows": f"{moved.rows:,}",
        "kept": deployment.cluster.home / f"data-{steps[0]}",
    }
    console.print(told, markup=False, soft_wrap=True)


def upgrade_tables(deployment: Deployment) -> None:
    console = Console(stderr=True, highlight=False)
    with deployment.database(owner=True) as url:
        pending, something_to_lose = pending_steps()
        if not pending:
            console.print(_("The tables are up to date."))
            return
        if something_to_lose:
            from warmline.cli.backup import take_backup

            kept = take_backup(deployment, owner_url=url, name="before-upgrade")
            console.print(_("Backed up to %(path)s.") % {"path": kept}, markup=False)
        with console.status(_("Bringing the tables up to date …")) as status:
            _migrate(say=lambda line: status.update(f"[dim]{line}[/dim]"))
        console.print(_("The tables are up to date (%(n)s steps).") % {"n": pending})


def pending_steps() -> tuple[int, bool]:
    """How many steps are owed, and whether there are tables already. Older code is refused."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    loader = executor.loader
    assert loader.applied_migrations is not None
    newer = [
        f"{app}.{name}"
        for app, name in loader.applied_migrations
        if app in loader.migrated_apps and (app, name) not in loader.disk_migrations
    ]
    if newer:
        raise Trouble(
            _("A newer Warmline has worked on this database (%(step)s).")
            % {"step": sorted(newer)[0]},
            mend=_("Install that version again, or restore a backup made before it."),
        )
    return len(executor.migration_plan(loader.graph.leaf_nodes())), bool(loader.applied_migrations)


def _migrate(*, say: Callable[[str], None]) -> None:
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=1, stdout=_Lines(say))


class _Lines(io.StringIO):
    """A stream that hands on whole lines, for a progress display."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__()
        self._say = say

    def write(self, text: str) -> int:
        if line := text.strip():
            self._say(line)
        return len(text)
