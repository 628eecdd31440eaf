"""`warmline seed`: families to try things on, a shop's or a chain's."""

import time

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option

SHOP, CHAIN = 2_000, 1_000_000
console = Console(stderr=True, highlight=False)


@click.command()
@click.option(
    "--scale",
    type=click.Choice(["shop", "chain"]),
    default="shop",
    show_default=True,
    help="shop: three stores with a believable past. chain: a million families, for measuring.",
)
@click.option("--households", type=click.IntRange(min=60), help="How many families.")
@click.option(
    "--units",
    type=click.IntRange(min=1),
    help="So many tins with their whole life, in whole lots of 24,000, for measuring.",
)
@data_option
@click.pass_obj
def seed(deployment: Deployment, scale: str, households: int | None, units: int | None) -> None:
    """Fill an empty deployment with made-up families. Not for a chain with families of its own."""
    from warmline.cli.upgrading import upgrade_tables

    if households is not None and households > SHOP:
        scale = "chain"
    count = households or (CHAIN if scale == "chain" else SHOP)
    upgrade_tables(deployment)
    with deployment.database(owner=True):
        from warmline.world import demo
        from warmline.world import scale as big

        is_empty = big.is_empty()
        if not is_empty and units is None:
            raise Trouble(
                _("There are stores here already."),
                mend=_("Choose an empty directory with --data."),
            )
        begun = time.monotonic()
        columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
        with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
            steps: dict[str, int] = {}

            def say(what: str, done: int, of: int) -> None:
                if what not in steps:
                    steps[what] = progress.add_task(_words(what))
                progress.update(steps[what], completed=done, total=of)  # type: ignore[arg-type]

            build = big.build if scale == "chain" else demo.build
            if is_empty:
                build(households=count, say=say)
            if units is not None:
                from warmline.world import units as tins

                tins.build(units=units, say=say)
        took, made = time.monotonic() - begun, big.counts()
    console.print(
        _("%(households)s families, %(lines)s lines, %(run_outs)s run-outs, %(promises)s promises")
        % {name: f"{many:,}" for name, many in made.items()}
    )
    console.print(_("%(seconds)s s") % {"seconds": f"{took:,.0f}"})


def _words(step: str) -> str:
    return {
        "families": _("Families"),
        "receipts": _("Receipts"),
        "sales": _("Receipts"),
        "indexes": _("Indexes"),
        "learn": _("Habits"),
        "habits": _("Run-outs"),
        "plan": _("The morning's plan"),
        "units": _("Tins"),
    }.get(step, step)
