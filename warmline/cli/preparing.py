"""What has to be true before the doors open: the tables are this version's, the static files too.

A process of its own (`python -m warmline.cli.preparing DATA`), so that the one which then watches
over the shop all day carries nothing of it.
"""

import hashlib
import os
import sys
from pathlib import Path

import click
from rich.console import Console

from warmline.base.postgres.places import open_file
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment
from warmline.cli.plainly import plain, say
from warmline.cli.upgrading import pending_steps, upgrade_tables

CANNOT_OPEN = 3
CODE = Path(__file__).resolve().parents[2]


def fingerprint(data: Path) -> str:
    """Of everything that preparing depends on, without importing any of it: a restart is quick."""
    digest = hashlib.sha256(str(Path(data, "static").exists()).encode())
    libraries = sorted(path.name for path in Path(click.__file__).parents[1].glob("*.dist-info"))
    digest.update("\n".join(libraries).encode())
    for folder in ("migrations", "static"):
        for place in sorted((CODE / "warmline").glob(f"**/{folder}")):
            for file in sorted(place.rglob("*")):
                if file.is_file() and file.suffix != ".pyc":
                    found = file.stat()
                    digest.update(f"{file}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def is_prepared(deployment: Deployment) -> bool:
    """Remembered beside the database, so that another database is prepared anew."""
    mark = deployment.cluster.home / "prepared"
    return (
        not deployment.remote
        and mark.exists()
        and mark.read_text(encoding="utf-8") == fingerprint(deployment.data)
    )


def remember_prepared(deployment: Deployment) -> None:
    if not deployment.remote:
        mark = open_file(deployment.cluster.home / "prepared", os.O_WRONLY | os.O_TRUNC)
        with os.fdopen(mark, "w", encoding="utf-8") as file:
            file.write(fingerprint(deployment.data))


def prepare(deployment: Deployment) -> None:
    # As the owner from the start: Django keeps the role it first signed in with.
    with deployment.database(owner=not deployment.remote):
        _collect_static()
        owed = pending_steps()[0]
    if owed and deployment.remote:
        raise Trouble(
            _("The tables are not this version's (%(n)s steps are owed).") % {"n": owed},
            mend=_("Run it once, with the owner's address: warmline db upgrade"),
        )
    if owed:
        upgrade_tables(deployment)
    remember_prepared(deployment)


def _collect_static() -> None:
    """Hash and compress what the pages need, if any of it has changed since the last time."""
    from django.conf import settings
    from django.core.management import call_command

    mark = Path(settings.STATIC_ROOT) / ".collected"
    fingerprint = _static_fingerprint()
    if mark.exists() and mark.read_text(encoding="utf-8") == fingerprint:
        return
    with Console(stderr=True).status(_("Preparing the pages …")):
        call_command("collectstatic", interactive=False, verbosity=0)
    mark.write_text(fingerprint, encoding="utf-8")


def _static_fingerprint() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{found.st_size}\0{found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


if __name__ == "__main__":
    try:
        prepare(Deployment(Path(sys.argv[1])))
    except Exception as error:
        say(plain(error))
        sys.exit(CANNOT_OPEN)
