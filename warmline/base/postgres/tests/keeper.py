"""Another process that keeps a database, for tests that kill it: `python -m … ROOT [USER]`.

It says `started` or `joined`, its server's process and its address, and stops when its input ends.
"""

import os
import pwd
import sys
from pathlib import Path

from warmline.base.postgres import Cluster
from warmline.base.trouble import Trouble


def main(root: Path, user: str = "") -> None:
    if user:
        entry = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(entry.pw_gid)
        os.setuid(entry.pw_uid)
    cluster = Cluster(root)
    try:
        cluster.start()
    except Trouble as trouble:
        print("trouble", trouble, flush=True)
        return
    print("started" if cluster.owned else "joined", flush=True)
    sys.stdin.read()
    cluster.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
