"""`warmline doctor`: what is wrong with this deployment, and how to mend it."""

from collections.abc import Iterator

import click
import psycopg
from rich.console import Console
from rich.markup import escape

from warmline.base.doctor import (
    Examination,
    Finding,
    examine_database,
    examine_machine,
    look_at,
)
from warmline.base.doctor import port as door
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option
from warmline.cli.plainly import wrong_settings


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@data_option
@click.pass_obj
def doctor(deployment: Deployment, port: int) -> None:
    """Look at everything that has to be well; exit 1 if something urgent is not."""
    console = Console(highlight=False)
    urgent = False
    for finding in _findings(deployment, port):
        if finding.well:
            console.print(f"[green]✓[/green] {escape(finding.what)}", soft_wrap=True)
            continue
        urgent = urgent or finding.urgent
        sign = "[red]✗[/red]" if finding.urgent else "[yellow]![/yellow]"
        console.print(f"{sign} {escape(f'{finding.what}: {finding.wrong}')}", soft_wrap=True)
        console.print(f"  → {finding.mend}", markup=False, soft_wrap=True)
    if urgent:
        raise click.exceptions.Exit(1)
    console.print(_("Nothing urgent."))


def _findings(deployment: Deployment, port: int) -> Iterator[Finding]:
    yield from look_at(examine_machine(deployment.data))
    yield _settings()
    yield from look_at([lambda: door("127.0.0.1", port)])
    if not deployment.server and not (deployment.data / "database").exists():
        return  # nothing was started yet, and looking is no reason to
    try:
        with deployment.server_running() as cluster:
            url = deployment.url(cluster, owner=False)
            examinations = examine_database(lambda: psycopg.connect(url, connect_timeout=5))
            yield from look_at([*examinations, _tables(deployment), _texts(deployment)])
    except Trouble as trouble:
        yield Finding(what=_("The database"), wrong=trouble.what, mend=trouble.mend)


def _settings() -> Finding:
    import pydantic

    from config.environment import Environment

    what = _("Settings")
    try:
        Environment()
    except pydantic.ValidationError as error:
        trouble = wrong_settings(error)
        return Finding(what=what, wrong=trouble.what, mend=trouble.mend)
    return Finding(what=what)


def _tables(deployment: Deployment) -> Examination:
    def look() -> Finding:
        from warmline.cli.upgrading import pending_steps

        what = _("Tables")
        with deployment.database():
            owed, _some = pending_steps()
        if not owed:
            return Finding(what=what)
        return Finding(
            what=what,
            wrong=_("They are not this version's (%(n)s steps are owed).") % {"n": owed},
            mend=_("Run: warmline db upgrade"),
        )

    return look


def _texts(deployment: Deployment) -> Examination:
    """Carriers take approved texts only: has every kind of short message one of its own?"""

    def look() -> Finding:
        with deployment.database():
            from django.conf import settings

            from warmline.core.contacts.channels.templates import GENERAL, amiss, read

            env, what = settings.ENV, _("Texts of short messages")
            if env.channel_sms == "outbox":
                return Finding(what=what)
            without, unknown = amiss(env.sms_templates)
            has_general = GENERAL in read(env.sms_templates)
        mend = _("Hand in the texts of docs/channels.md, and name them in WARMLINE_SMS_TEMPLATES.")
        if unknown:
            said = _("WARMLINE_SMS_TEMPLATES names what there is not: %(names)s.")
            return Finding(what=what, wrong=said % {"names": ", ".join(unknown)}, mend=mend)
        if not without:
            return Finding(what=what)
        said = _("No approved text for %(kinds)s: these stay in the outbox.")
        if has_general:
            said = _("%(kinds)s leave by the general text, which carriers may refuse.")
        said = said % {"kinds": ", ".join(without)}
        return Finding(what=what, wrong=said, mend=mend, urgent=not has_general)

    return look
