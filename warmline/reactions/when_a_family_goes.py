"""A family is gone: what we still meant to ring it about is not owed any more."""

from django.utils.translation import gettext as _

from warmline.core.journal.listeners import on
from warmline.core.people.models import Household
from warmline.core.people.signals import StandingChanged
from warmline.core.people.standing import TOUCHING, Why
from warmline.core.promises.models import Promise


@on(StandingChanged)
def let_off_what_would_only_disturb_it(signal: StandingChanged) -> None:
    """Deliveries, recalls and answers stay owed."""
    if signal.status != Household.Status.GONE:
        return
    owed = Promise.objects.filter(household=signal.household, purpose__in=TOUCHING).owed()
    for promise in owed.order_by("pk"):
        promise.waive(str(Why(signal.why).label) if signal.why else _("The family is gone."))
