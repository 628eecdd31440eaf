"""`warmline staff`: the first person of head office, and a password when nobody can sign in."""

import click

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _
from warmline.cli.deployment import Deployment, data_option


@click.group()
def staff() -> None:
    """Who may sign in. Everybody after the first is made on the screen of head office."""


@staff.command()
@click.argument("username")
@click.option("--name", default="", help="What she is called; the user name, if not said.")
@data_option
@click.pass_obj
def create(deployment: Deployment, username: str, name: str) -> None:
    """Make somebody of head office, and print the password of her first sign-in."""
    with deployment.database():
        from warmline.core.people.models import Staff
        from warmline.core.people.signing_in import give_one_time_password

        if Staff.objects.filter(username=username).exists():
            raise Trouble(
                _("%(name)s is there already.") % {"name": username},
                mend=_("For a new password: warmline staff password %(name)s") % {"name": username},
            )
        made = Staff.objects.create_user(username, name=name or username, role=Staff.Role.HQ)
        password = give_one_time_password(made)
    click.echo(password)


@staff.command()
@click.argument("username")
@data_option
@click.pass_obj
def password(deployment: Deployment, username: str) -> None:
    """Print a new one-time password; the old one stops working."""
    with deployment.database():
        from warmline.core.people.models import Staff
        from warmline.core.people.signing_in import give_one_time_password

        known = Staff.objects.filter(username=username, is_active=True).first()
        if known is None:
            raise Trouble(_("Nobody who works here is called %(name)s.") % {"name": username})
        fresh = give_one_time_password(known)
    click.echo(fresh)
