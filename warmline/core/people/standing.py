"""How a family stands with us: how much it counts, and whether it still wants to hear from us."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from warmline.core.journal.models import Entry
from warmline.core.journal.recording import record
from warmline.core.people import consenting
from warmline.core.people.models import Consent, Household, Staff
from warmline.core.people.signals import StandingChanged

TOUCHING = (Consent.Purpose.CARE, Consent.Purpose.SALES, Consent.Purpose.SURVEY)


class Why(models.TextChoices):
    """Why a family is gone."""

    MOVED = "moved", gettext_lazy("It moved away")
    OUTGROWN = "outgrown", gettext_lazy("Its children have outgrown us")
    ASKED = "asked", gettext_lazy("It asked not to be contacted")


@transaction.atomic
def change(household: Household, *, tier: int, status: str, why: str = "", by: Staff) -> bool:
    """Set how it stands; whether anything changed. A family that is gone is rung for deliveries and
    recalls alone; of one that asked for it the consents are withdrawn too."""
    gone = status == Household.Status.GONE
    if gone and why not in Why.values:
        raise ValidationError({"why": _("Say why this family is gone.")})
    home = Household.objects.select_for_update(of=("self",)).get(pk=household.pk)
    if (home.tier, home.status) == (tier, status) and not (gone and why != why_gone(home)):
        return False
    home.tier, home.status = tier, status
    home.save(update_fields=["tier", "status"])
    household.tier, household.status = tier, status
    if gone and why == Why.ASKED:
        _withdraw(home, by=by)
    at = {"household": home.pk, "store": home.store_id}
    record(StandingChanged(**at, tier=tier, status=status, why=why if gone else ""), by=by)
    return True


def why_gone(household: Household) -> str:
    """What was said when it went; empty if nobody said."""
    told = Entry.objects.filter(household_id=household.pk, kind=StandingChanged.kind)
    last = told.order_by("-at", "-pk").values_list("body__why", flat=True).first()
    return str(last or "")


def _withdraw(household: Household, *, by: Staff) -> None:
    for purpose in TOUCHING:
        if consenting.allowed(household, purpose):
            consenting.withdraw(household, purpose, channel="store", by=by)
