"""`warmline demo`: a believable chain on this machine, open in a minute."""

import os
import shutil
import socket
from collections.abc import Sequence

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from warmline.base.apart import apart
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option
from warmline.cli.serve import ANYWHERE, address, serve_shop
from warmline.cli.upgrading import upgrade_tables

SHOWN = ("zhou", "hejing", "agent", "fang", "ma", "zhao", "qin", "hq")
STEPS = {
    "families": "Families",
    "learn": "Habits",
    "sales": "Receipts",
    "desk": "Desk",
    "plan": "Today",
}
console = Console(stderr=True, highlight=False)


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="127.0.0.1: this machine only.")  # noqa: S104
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--reset", is_flag=True, help="Throw the demo's data away and make it anew.")
@data_option
@click.pass_obj
def demo(deployment: Deployment, host: str, port: int, reset: bool) -> None:
    """Start everything with demo families, and print the way in. No message leaves the machine."""
    os.environ["WARMLINE_DEMO"] = "1"
    if reset:
        throw_away(deployment)
    passwords = apart(lambda: prepare(deployment))
    serve_shop(deployment, host=host, port=port, on_open=lambda: welcome(host, port, passwords))


def prepare(deployment: Deployment) -> dict[str, str]:
    """Tables, families and today's passwords, by somebody who is gone when the doors open."""
    upgrade_tables(deployment)
    with deployment.database(owner=True):
        fill()
        return {name: one_time_password(name) for name in _there(SHOWN)}


def throw_away(deployment: Deployment) -> None:
    """Only a demo's own data, and only when nobody else could have put it there."""
    mark = deployment.data / "demo"
    if deployment.data.exists() and any(deployment.data.iterdir()) and not mark.exists():
        raise Trouble(
            _("%(path)s does not hold a demo.") % {"path": deployment.data},
            mend=_("Choose another directory with --data, or empty it yourself."),
        )
    # Where the data directory cannot hold a server (below /root), its files are elsewhere.
    shutil.rmtree(deployment.cluster.home, ignore_errors=True)
    shutil.rmtree(deployment.data, ignore_errors=True)


def fill() -> None:
    """Seed the chain if there is none; a chain of one's own is left alone."""
    from django.conf import settings

    from warmline.core.people.models import Household, Store
    from warmline.world.demo import build

    mark = settings.ENV.data / "demo"
    if Store.objects.exists():
        if not mark.exists():
            raise Trouble(
                _("This deployment holds a chain of your own, not a demo."),
                mend=_("Open it with: warmline serve"),
            )
        if Household.objects.exists():
            return
    mark.write_text("demo\n", encoding="utf-8")
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=console, transient=True) as progress:
        tasks = {name: progress.add_task(words, total=None) for name, words in STEPS.items()}
        build(say=lambda what, done, of: progress.update(tasks[what], completed=done, total=of))


def _there(names: Sequence[str]) -> list[str]:
    """Who of these works here: a demo made by an older version has fewer."""
    from warmline.core.people.models import Staff

    known = set(Staff.objects.filter(username__in=names).values_list("username", flat=True))
    return [name for name in names if name in known]


def one_time_password(username: str) -> str:
    """A fresh password for this start; the one printed before stops working."""
    from warmline.core.people.models import Staff
    from warmline.core.people.signing_in import give_one_time_password

    staff = Staff.objects.get(username=username)
    password = give_one_time_password(staff)
    Staff.objects.filter(pk=staff.pk).update(
        must_change_password=False
    )  # there is a new one anyway
    return password


def welcome(host: str, port: int, passwords: dict[str, str]) -> None:
    import qrcode

    here = address(host, port)
    phone = f"http://{lan_address()}:{port}/" if host in ANYWHERE else here
    code = qrcode.QRCode(border=1)
    code.add_data(phone)
    code.print_ascii(out=console.file, invert=True)
    console.print(_("On this machine: %(address)s") % {"address": here})
    console.print(_("On a phone in the same network: %(address)s") % {"address": phone})
    console.print()
    console.print(_("One-time passwords (new at each start):"))
    roles = {
        "zhou": _("a guide"),
        "hejing": _("her manager"),
        "agent": _("a service agent"),
        "fang": _("another agent, who reviews"),
        "ma": _("purchasing: a finding waits for its answer"),
        "zhao": _("the factory's gate, scanning"),
        "qin": _("a dealer's warehouse, scanning"),
        "hq": _("head office"),
    }
    for name, password in passwords.items():
        console.print(f"  {name:<8} {password}   {roles[name]}", markup=False)
    console.print(_("Managers and head office set up a second factor when they first sign in."))
    console.print(_("Ctrl-C closes everything."))


def lan_address() -> str:
    """This machine's address in its own network; nothing is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737: a route is looked up, no more
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"
