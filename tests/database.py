"""The suite's database: our own embedded server, or the one that WARMLINE_TEST_DATABASE_URL names.

Loaded as a plugin (`-p tests.database`), so that it runs before Django reads its settings. Each
worker gets a database of its own in that server.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from warmline.base.postgres import Cluster

os.environ["WARMLINE_TESTING"] = "1"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def _own_data() -> Path:
    """A data directory that ends with the run. Root's server runs as another user: let it in."""
    data = Path(tempfile.mkdtemp(prefix="warmline-test-"))
    data.chmod(0o755)
    atexit.register(shutil.rmtree, data, ignore_errors=True)
    return data


if "WARMLINE_DATA" not in os.environ:
    os.environ["WARMLINE_DATA"] = str(_own_data())
(Path(os.environ["WARMLINE_DATA"]) / "static").mkdir(exist_ok=True)
if given := os.environ.get("WARMLINE_TEST_DATABASE_URL"):
    os.environ["DATABASE_URL"] = given
else:
    cluster = Cluster(Path(os.environ["WARMLINE_DATA"]) / "cluster")
    cluster.start()
    atexit.register(cluster.stop)
    os.environ["DATABASE_URL"] = os.environ["WARMLINE_TEST_DATABASE_URL"] = cluster.url("warmline")
