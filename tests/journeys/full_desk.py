"""`python -m tests.journeys.full_desk DATA`: two months of a desk for a chain that has none yet, told up
to the moment that its clock shows."""

import sys
from pathlib import Path

from warmline.cli.deployment import Deployment


def fill(deployment: Deployment) -> None:
    with deployment.server_running(), deployment.database(owner=True):
        from warmline.world.desk import filling

        filling.fill()


if __name__ == "__main__":
    fill(Deployment(Path(sys.argv[1])))
