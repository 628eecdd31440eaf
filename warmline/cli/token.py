"""`warmline token create`: a key for a till, an ERP or a shop system."""

import click

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option

ROLES = ("guide", "manager", "agent", "logistics", "hq", "auditor")


@click.group()
def token() -> None:
    """Keys with which other systems come in."""


@token.command()
@click.option("--role", type=click.Choice(ROLES), required=True, help="What it may do.")
@click.option("--store", default="", help="The code of its store; needed below head office.")
@click.option("--name", default="api", show_default=True, help="What you call it.")
@data_option
@click.pass_obj
def create(deployment: Deployment, role: str, store: str, name: str) -> None:
    """Make a token. It is printed this once and kept as a hash."""
    with deployment.database():
        from warmline.core.people.models import Store, Token

        place = Store.objects.filter(code=store).first() if store else None
        if store and place is None:
            raise Trouble(
                _("There is no store with the code %(code)s.") % {"code": store},
                mend=_("The codes are listed at /hq/stores/."),
            )
        if place is None and role in ("guide", "manager"):
            raise Trouble(
                _("A token of this role belongs to a store."), mend=_("Add --store CODE.")
            )
        _made, secret = Token.issue(name=name, role=role, store=place)
    click.echo(secret)
