"""What was asked for on a screen is done by a loop. An accident that would happen again is written
on the file for a person to read; one of the database's is tried again."""

import logging
from collections.abc import Callable

from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext_noop as _

from warmline.service.intake import checking, committing, undoing
from warmline.service.intake.models import Import

UNFORESEEN = _("Something went wrong that nobody foresaw; it is in the log. Nothing was imported.")
log = logging.getLogger("warmline.intake")


def check(pk: int) -> None:
    _do(pk, Import.Status.CHECKING, checking.check)


def commit(pk: int) -> None:
    _do(pk, Import.Status.COMMITTING, committing.commit)


def undo(pk: int) -> None:
    _do(pk, Import.Status.UNDOING, undoing.undo)


def _do(pk: int, wish: str, work: Callable[[Import], None]) -> None:
    """Once: a wish that has been answered meanwhile is answered."""
    file = Import.objects.filter(pk=pk, status=wish).first()
    if file is None:
        return
    try:
        with transaction.atomic():
            work(file)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("import %s", pk)
        file = Import.objects.get(pk=pk)
        failed = Import.Status.COMMITTED if wish == Import.Status.UNDOING else Import.Status.FAILED
        with file.move(failed):
            file.reason, file.facts = UNFORESEEN, {}
