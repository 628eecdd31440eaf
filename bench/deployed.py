"""A deployment for a bench: the one that is named, or a small one in a fresh place."""

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextlib.contextmanager
def deployed(data: Path | None) -> Iterator[Path]:
    """Its server runs, its tables are up to date, Django is ready; as the tables' owner."""
    from warmline.base.postgres import Cluster

    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as fresh:
        home = (data or Path(fresh)).absolute()
        home.mkdir(parents=True, exist_ok=True)
        home.chmod(0o755)  # root's server runs as another user
        os.environ["WARMLINE_DATA"] = str(home)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        server = os.environ.get("DATABASE_URL", "")
        with (
            contextlib.nullcontext() if server else Cluster(home / "database").running() as cluster
        ):
            os.environ["DATABASE_URL"] = server or cluster.url("warmline")
            migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, check=True, cwd=ROOT)
            import django

            django.setup()
            try:
                yield home
            finally:
                from django.db import connections

                connections.close_all()


def seed_file(file: Path, **params: object) -> None:
    """Run a file of statements, each with the parameters that it names."""
    from django.db import connection

    began = time.monotonic()
    print(f"seeding: {params}", file=sys.stderr)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        for statement in file.read_text().split(";\n"):
            if statement.strip():
                named = {k: v for k, v in params.items() if f"%({k})s" in statement}
                cursor.execute(statement, named)
        cursor.execute("VACUUM ANALYZE")
    print(f"seeded in {time.monotonic() - began:.0f} s", file=sys.stderr)


def seed_chain(home: Path, *, households: int) -> None:
    """Families, guides and promises as `warmline seed` draws them, if nobody lives there yet."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM people_household)")
        if cursor.fetchone()[0]:
            return
    print(f"seeding {households:,} families …", file=sys.stderr)
    command = [sys.executable, "-m", "warmline", "seed", "--data", str(home)]
    env = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    subprocess.run([*command, "--households", str(households)], check=True, cwd=ROOT, env=env)
