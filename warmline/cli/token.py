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


@token.command("list")
@data_option
@click.pass_obj
def list_(deployment: Deployment) -> None:
    """Every token: number, name, role, store, when it was last used, whether it still works."""
    with deployment.database():
        from warmline.core.people.models import Token

        for one in Token.objects.select_related("store").order_by("pk"):
            state = "revoked" if one.revoked_at else "works"
            place = one.store.code if one.store else "-"
            used = one.last_used_on or "never"
            click.echo(f"{one.pk}\t{one.name}\t{one.role}\t{place}\t{used}\t{state}")


@token.command()
@click.argument("number", type=int)
@data_option
@click.pass_obj
def revoke(deployment: Deployment, number: int) -> None:
    """Take a token back: from its next request on it opens nothing."""
    with deployment.database():
        from warmline.core.people.models import Token

        found = Token.objects.filter(pk=number).first()
        if found is None:
            raise Trouble(
                _("There is no token with this number."), mend=_("See: warmline token list")
            )
        found.revoke()
