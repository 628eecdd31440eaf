"""A command that fails says in one sentence what is wrong, in another what to do, and exits 1."""

import errno
import os
from typing import TYPE_CHECKING, Any, cast

import click
import psycopg
from rich.console import Console

from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

if TYPE_CHECKING:
    import pydantic


class PlainGroup(click.Group):
    """The group all commands hang on: no traceback leaves it, unless WARMLINE_TRACEBACK is set."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort, KeyboardInterrupt):
            raise
        except Exception as error:
            if os.environ.get("WARMLINE_TRACEBACK"):
                raise
            say(plain(error))
            raise click.exceptions.Exit(1) from error


def say(trouble: Trouble) -> None:
    console = Console(stderr=True, highlight=False)
    console.print(f"✗ {trouble.what}", style="bold red", markup=False)
    if trouble.mend:
        console.print(f"→ {trouble.mend}", markup=False, soft_wrap=True)


def plain(error: BaseException) -> Trouble:
    """The error in a shop's words; Django wraps the driver's errors, so look at the cause too."""
    causes = [error, error.__cause__]
    for cause in causes:
        if isinstance(cause, Trouble):
            return cause
    for cause in causes:
        if isinstance(cause, psycopg.OperationalError):
            return Trouble(
                _("The database cannot be reached: %(reason)s") % {"reason": _first_line(cause)},
                mend=_("Check with: warmline doctor"),
            )
        if getattr(cause, "title", "") == "Environment":
            return wrong_settings(cast("pydantic.ValidationError", cause))
        if isinstance(cause, OSError) and cause.errno == errno.ENOSPC:
            return Trouble(_("The disk is full."), mend=_("Free at least 1 GB and try again."))
        if isinstance(cause, PermissionError):
            return Trouble(
                _("%(path)s may not be used by this user.") % {"path": cause.filename},
                mend=_("Run as its owner, or choose another directory with --data."),
            )
    return Trouble(
        _("Something went wrong that nobody foresaw: %(error)s")
        % {"error": f"{type(error).__name__}: {_first_line(error)}"},
        mend=_("Set WARMLINE_TRACEBACK=1 and try again to see where; please report it."),
    )


def wrong_settings(error: "pydantic.ValidationError") -> Trouble:
    """Each setting that cannot be read, by the name it has in the environment."""
    said = []
    for wrong in error.errors(include_url=False):
        name = str(wrong["loc"][-1] if wrong["loc"] else "").upper()
        name = name if name.startswith(("WARMLINE_", "DATABASE_URL")) else f"WARMLINE_{name}"
        told = {"name": name, "value": str(wrong["input"])[:60], "why": wrong["msg"]}
        said.append(_("The setting %(name)s cannot be %(value)s (%(why)s).") % told)
    mend = _("Correct it, or take it out of the environment; then see: warmline config show")
    return Trouble(" ".join(said), mend=mend)


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
