"""A peer's own environment: installed from the package index, thrown away afterwards, with a database
of its own on the same server."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import psycopg
from measure import Sample, cpu_of, postmaster_of

HERE = Path(__file__).parent
PROCESSES = 2


class Peer:
    """Somebody else's product, installed and filled, ready to work."""

    name = ""
    packages: tuple[str, ...] = ()
    script = ""  # run by its own Python: `fill`, and whatever it can do

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def __enter__(self) -> Self:
        self.place = Path(tempfile.mkdtemp(prefix=f"bench-{self.name}-"))
        print(f"installing {self.packages[0]} …", file=sys.stderr)
        self._install()
        database = f"bench_{self.name}"
        with psycopg.connect(self.owner, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {database}")
            db.execute(f"CREATE DATABASE {database} TEMPLATE template0")
            self.postmaster = postmaster_of(db.info.backend_pid)
        self.env = {
            **os.environ,
            "BENCH_DATABASE": urlsplit(self.owner)._replace(path=f"/{database}").geturl(),
            "DJANGO_SETTINGS_MODULE": self.script.removesuffix(".py"),
            "PYTHONPATH": str(HERE),
            "PYTHONWARNINGS": "ignore",
        }
        subprocess.run(self.command("fill", *self.filled_with()), check=True, env=self.env)
        return self

    def __exit__(self, *_gone: object) -> None:
        with psycopg.connect(self.owner, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS bench_{self.name} WITH (FORCE)")
        shutil.rmtree(self.place, ignore_errors=True)

    def take(self, seconds: float, what: str) -> Sample:
        """Do this for so long, in as many processes as we have web workers."""
        before = cpu_of(self.postmaster)
        workers = [
            subprocess.Popen(
                self.command(what, str(seconds)), env=self.env, stdout=subprocess.PIPE, text=True
            )
            for _n in range(PROCESSES)
        ]
        said = [json.loads(worker.communicate()[0].splitlines()[-1]) for worker in workers]
        time.sleep(0.2)
        used = {
            "postgres": cpu_of(self.postmaster) - before,
            "web": sum(s["cpu_s"] for s in said),
        }
        return Sample(sum(s["done"] for s in said), max(s["seconds"] for s in said), used)

    def filled_with(self) -> list[str]:
        return []

    def command(self, *said: str) -> list[str]:
        return [self.python, str(HERE / self.script), *said]

    @property
    def python(self) -> str:
        return str(self.place / "bin" / "python")

    def _install(self) -> None:
        if uv := shutil.which("uv"):
            make = [uv, "venv", "--quiet", "--python", sys.executable, str(self.place), "--clear"]
            subprocess.run(make, check=True)
            command = [uv, "pip", "install", "--quiet", "--python", self.python]
        else:
            subprocess.run([sys.executable, "-m", "venv", str(self.place)], check=True)
            command = [self.python, "-m", "pip", "install", "--quiet"]
        subprocess.run([*command, *self.packages], check=True)
