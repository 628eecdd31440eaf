"""django-oscar beside us: its own `place_order` with three lines and stock allocation.

Installed into a throwaway environment from the package index; its tables live in a database of their
own on the same server. It is driven in process, without HTTP, which is to its advantage. It does more
than receive a sale (taxes, offers, stock, notifications) and keeps none of our rows: what is compared
is "three lines are bought by a known customer and written down".
"""

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
NAME = "bench_oscar"
PACKAGES = ["django-oscar==4.2.1", "django>=5.2,<5.3", "psycopg[binary]", "setuptools<81"]
PROCESSES = 2


class Shop:
    """A small oscar shop, installed, filled and ready to sell."""

    def __init__(self, owner: str) -> None:
        self.owner = owner

    def __enter__(self) -> Self:
        self.place = Path(tempfile.mkdtemp(prefix="bench-oscar-"))
        print("installing django-oscar …", file=sys.stderr)
        self._install()
        with psycopg.connect(self.owner, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {NAME}")
            db.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
            self.postmaster = postmaster_of(db.info.backend_pid)
        self.env = {
            **os.environ,
            "BENCH_DATABASE": urlsplit(self.owner)._replace(path=f"/{NAME}").geturl(),
            "DJANGO_SETTINGS_MODULE": "oscar_shop",
            "PYTHONPATH": str(HERE),
            "PYTHONWARNINGS": "ignore",
        }
        subprocess.run([self.python, HERE / "oscar_shop.py", "fill"], check=True, env=self.env)
        return self

    def __exit__(self, *_gone: object) -> None:
        with psycopg.connect(self.owner, autocommit=True) as db:
            db.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        shutil.rmtree(self.place, ignore_errors=True)

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
        subprocess.run([*command, *PACKAGES], check=True)

    def sell(self, seconds: float) -> Sample:
        """Place orders for so long, in as many processes as we have web workers."""
        before = cpu_of(self.postmaster)
        command = [self.python, HERE / "oscar_shop.py", "sell", str(seconds)]
        sellers = [
            subprocess.Popen(command, env=self.env, stdout=subprocess.PIPE, text=True)
            for _n in range(PROCESSES)
        ]
        said = [json.loads(seller.communicate()[0].splitlines()[-1]) for seller in sellers]
        time.sleep(0.2)
        used = {
            "postgres": cpu_of(self.postmaster) - before,
            "web": sum(s["cpu_s"] for s in said),
        }
        return Sample(sum(s["orders"] for s in said), max(s["seconds"] for s in said), used)
