"""`warmline`: one command for everything that is not done in a browser."""

from pathlib import Path

import click

from warmline.cli.deployment import DEFAULT_DATA, Deployment, Folder
from warmline.cli.plainly import PlainGroup


class Commands(PlainGroup):
    """Each command lives in a module of its own, and is imported when it is asked for."""

    MODULES = {
        "backup": "backup",
        "check": "check",
        "config": "config",
        "db": "db",
        "demo": "demo",
        "doctor": "doctor",
        "fakes": "fakes",
        "import": "importing",
        "loop": "loop",
        "restore": "backup",
        "seed": "seed",
        "serve": "serve",
        "staff": "staff",
        "token": "token",
        "verify": "backup",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.MODULES)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.MODULES:
            return None
        from importlib import import_module

        module = import_module(f"warmline.cli.{self.MODULES[name]}")
        command: click.Command = getattr(module, name if name != "import" else "import_")
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--data",
    type=Folder(),
    default=DEFAULT_DATA,
    envvar="WARMLINE_DATA",
    show_default=True,
    help="Where this deployment keeps database, keys and files.",
)
@click.pass_context
def main(context: click.Context, data: Path) -> None:
    """Warmline: service for mother-and-baby shops. Start with: warmline demo"""
    context.obj = Deployment(data)
