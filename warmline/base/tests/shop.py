"""A small shop for tests that kill parts of it: `python -m … ROOT PORT`, a real tree of processes.

Its web is Python's own, with a helper behind it as a web server has workers; its loops sleep.
"""

import sys
from pathlib import Path

from warmline.base.postgres import Cluster
from warmline.base.supervisor import Child, Supervisor, program

WEB = """
import os, signal, sys, time, http.server
from warmline.base.postgres.process import follow_parent
if not os.fork():
    follow_parent(signal.SIGKILL)
    time.sleep(60)
    os._exit(0)
http.server.test(http.server.SimpleHTTPRequestHandler, port=int(sys.argv[1]), bind="127.0.0.1")
"""


def main(root: Path, port: str) -> None:
    supervisor = Supervisor(
        cluster=Cluster(root),
        web=Child("web", lambda: program([sys.executable, "-c", WEB, port])),
        loops=Child(
            "loops", lambda: program([sys.executable, "-c", "import time; time.sleep(60)"])
        ),
        say=lambda said: print(said, flush=True),
    )
    with supervisor:
        supervisor.run(door=("127.0.0.1", int(port)), on_open=lambda: print("open", flush=True))
    print("closed", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
