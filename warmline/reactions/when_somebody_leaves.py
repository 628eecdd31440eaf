"""Somebody leaves the chain: what she still owed, her store owes from now on."""

from warmline.core.journal.listeners import on
from warmline.core.people.signals import StaffLeft
from warmline.core.promises.models import Promise


@on(StaffLeft)
def put_what_she_owed_into_her_stores_queue(signal: StaffLeft) -> None:
    """A promise in the hands of somebody who cannot sign in any more is seen by nobody."""
    Promise.objects.filter(keeper=signal.staff).owed().update(keeper=None)
