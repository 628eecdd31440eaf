"""`warmline check`: everything that must always hold, looked up one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option

if TYPE_CHECKING:
    from warmline.insight.invariants import Verdict

FEW = 5
console = Console(highlight=False)


@click.command()
@click.option("--only", default="", help="Part of an invariant's name: look at those alone.")
@click.option("--all", "everything", is_flag=True, help="Show every offending row, not a few.")
@data_option
@click.pass_obj
def check(deployment: Deployment, *, only: str, everything: bool) -> None:
    """Check that everything that must hold does hold; exits 1 if something does not."""
    with deployment.database():
        from warmline.insight import invariants

        chosen = [each for each in invariants.all_of_them() if only in each.name]
        if not chosen:
            raise click.BadParameter(_("No invariant is called so."), param_hint="--only")
        verdicts = list(invariants.judge(chosen))
        broken = [verdict for verdict in verdicts if not verdict.holds]
        console.print(_table(verdicts))
        for verdict in broken:
            _tell(verdict, most=len(verdict.offenders) if everything else FEW)
    if broken:
        console.print(_("%(n)s of %(all)s do not hold.") % {"n": len(broken), "all": len(verdicts)})
        raise SystemExit(1)
    console.print(_("All %(all)s hold.") % {"all": len(verdicts)})


def _table(verdicts: list[Verdict]) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    table.add_column(_("What must hold"), ratio=1)
    table.add_column(_("Rows"), justify="right")
    table.add_column(_("Seconds"), justify="right")
    for verdict in verdicts:
        many = len(verdict.offenders)
        table.add_row(
            "[green]✓[/green]" if verdict.holds else "[red]✗[/red]",
            verdict.invariant.says,
            str(many) if many else "",
            f"{verdict.seconds:.1f}",
        )
    return table


def _tell(verdict: Verdict, *, most: int) -> None:
    console.print(f"\n✗ {verdict.invariant.name}", style="bold red")
    for row in verdict.offenders[:most]:
        console.print("  " + "  ".join(f"{k}={v}" for k, v in row.items()), markup=False)
    if (left := len(verdict.offenders) - most) > 0:
        console.print("  " + _("… and %(n)s more (--all shows them)") % {"n": left})
