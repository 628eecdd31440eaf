"""Two records were one family, or were not after all: each promise is kept where its family is."""

from django.db.models import F

from warmline.core.journal.listeners import on
from warmline.core.people.models import Household
from warmline.core.people.signals import FamiliesMerged
from warmline.core.promises.models import Promise


@on(FamiliesMerged, batch=True)
def keep_promises_where_the_family_is(signals: list[FamiliesMerged]) -> None:
    families = {h for signal in signals for h in (signal.household, signal.merged)}
    owed = Promise.objects.filter(household__in=families).owed()
    strays = owed.exclude(store=F("household__store")).values_list("household", flat=True)
    for home in Household.objects.filter(pk__in=set(strays)):
        theirs = Promise.objects.filter(household=home).owed().exclude(store=home.store_id)
        theirs.update(keeper=home.home_guide_id, store=home.store_id)
