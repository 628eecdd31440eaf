"""`python -m tests.journeys.opening DATA HOUSEHOLDS`: a small chain, ready to serve.

Prints the passwords as JSON. Guides and managers have theirs already; head office holds a one-time
password, so that a journey can take its first steps.
"""

import json
import secrets
import sys
from pathlib import Path

from warmline.cli.deployment import Deployment
from warmline.cli.preparing import prepare
from warmline.cli.upgrading import upgrade_tables

PROMISED = [("问问便便和睡眠", 3.0), ("辅食后起的疹子退了没有", 0.5), ("学步鞋到货了，说一声", 0.4)]


def open_chain(deployment: Deployment, *, households: int) -> dict[str, str]:
    with deployment.server_running():
        upgrade_tables(deployment)
        with deployment.database(owner=True):
            from warmline.world.demo import build

            build(households=households, seed=7, has_desk=False)
            passwords = give_passwords()
            promise_calls()
        prepare(deployment)
    return passwords


def give_passwords() -> dict[str, str]:
    from django.contrib.auth.hashers import make_password

    from warmline.core.people.models import Staff
    from warmline.core.people.signing_in import give_one_time_password

    password = secrets.token_urlsafe(12)
    Staff.objects.exclude(role=Staff.Role.HQ).update(
        password=make_password(password), must_change_password=False
    )
    of_hq = {s.username: give_one_time_password(s) for s in Staff.objects.filter(role="hq")}
    return of_hq | {"": password}


def promise_calls() -> None:
    """What each guide said herself last week: three calls to make by sundown."""
    from datetime import timedelta

    from django.db import transaction

    from warmline.base.clock import now
    from warmline.core.people import calendar
    from warmline.core.people.models import Household, Staff
    from warmline.core.promises.models import Promise

    with transaction.atomic():
        for guide in Staff.objects.filter(role=Staff.Role.GUIDE).select_related("store"):
            with_baby = Household.objects.filter(home_guide=guide, children__born_on__isnull=False)
            families = with_baby.distinct().order_by("pk")
            for family, (words, weight) in zip(families, PROMISED, strict=False):
                Promise.make(
                    "contacts.call_back",
                    household=family,
                    keeper=guide,
                    by=guide,
                    due_at=calendar.sundown(guide.store, now().astimezone(guide.store.zone).date()),
                    words=words,
                    weight=weight,
                    child=family.children.first(),
                    why={"promised_on": (now() - timedelta(days=4)).date().isoformat()},
                )


if __name__ == "__main__":
    chain = open_chain(Deployment(Path(sys.argv[1])), households=int(sys.argv[2]))
    print(json.dumps(chain))
