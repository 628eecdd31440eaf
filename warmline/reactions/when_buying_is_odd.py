"""A night found odd buying: the desk looks into it, in a case of its own kind whose owner is the store's
manager; and when she says what it was, the case is finished and goes to its reviewer."""

from django.conf import settings
from django.utils.translation import override

from warmline.core.journal.listeners import on
from warmline.service.care import odd_buying
from warmline.service.care.models import OddBuying
from warmline.service.care.signals import OddBuyingFound, OddBuyingResolved
from warmline.service.desk import answering, raising
from warmline.service.desk.models import Case


@on(OddBuyingFound)
def look_into_it(signal: OddBuyingFound) -> None:
    odd = OddBuying.objects.select_related("rule", "product", "store", "staff").get(pk=signal.odd)
    if odd.case_id:
        return
    with override(settings.LANGUAGE_CODE):
        words = odd_buying.sentence(odd)
    case = raising.raise_matter(raising.ABNORMAL, store=odd.store, words=words, never=odd.staff)
    odd_buying.opened(odd, case.pk)


@on(OddBuyingResolved)
def finish_the_case(signal: OddBuyingResolved) -> None:
    odd = OddBuying.objects.select_related("resolved_by").get(pk=signal.odd)
    open_ = Case.objects.filter(finished_at__isnull=True, merged_into__isnull=True)
    case = open_.filter(pk=signal.case or 0).first()
    if case is None or odd.resolved_by is None:
        return
    outcome = Case.Outcome.EXPLAINED if signal.is_explained else Case.Outcome.PUT_RIGHT
    answering.finish(case, outcome=outcome, words=odd.words, by=odd.resolved_by)
