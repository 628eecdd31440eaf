"""A case about food safety names a lot: head office is asked whether it is sold on, and whoever asked
hears what it said."""

from warmline.core.journal.listeners import on
from warmline.service.desk import freezing, telling
from warmline.service.desk.models import Case, Freeze
from warmline.service.desk.signals import CaseClassified, CaseSaid, FreezeDecided, FreezeProposed


@on(CaseClassified, CaseSaid)
def propose_to_stop_its_sale(signal: CaseClassified | CaseSaid) -> None:
    case = Case.objects.select_related("store", "kind").get(pk=signal.case)
    freezing.propose_if_dangerous(case)


@on(FreezeProposed)
def ask_head_office(signal: FreezeProposed) -> None:
    telling.ask_for_freeze(Freeze.objects.select_related("case", "product").get(pk=signal.freeze))


@on(FreezeDecided)
def tell_who_asked(signal: FreezeDecided) -> None:
    freeze = Freeze.objects.select_related("case__owner", "product", "proposed_by")
    telling.tell_freeze(freeze.get(pk=signal.freeze))
