"""`warmline config show`: every setting, its value, where it comes from and what it is for."""

import os

import click
from rich.console import Console
from rich.table import Column, Table

from warmline.cli.deployment import Deployment, data_option


@click.group()
def config() -> None:
    """The settings of this deployment."""


@config.command()
@data_option
@click.pass_obj
def show(deployment: Deployment) -> None:
    """Print every setting with its value and its meaning; secrets stay hidden."""
    os.environ["WARMLINE_DATA"] = str(deployment.data.absolute())
    from config.environment import Environment

    settings = Environment()
    table = Table(Column("Setting", no_wrap=True), box=None, highlight=False)
    for head in ("Value", "From", "What it is"):
        table.add_column(head, overflow="fold")
    for name, field in Environment.model_fields.items():
        variable = "DATABASE_URL" if name == "database_url" else f"WARMLINE_{name.upper()}"
        given = variable in os.environ
        source = "environment" if given else "default"
        table.add_row(variable, str(getattr(settings, name)), source, field.description or "")
    Console().print(table)
