"""Somebody would like to give more than she may decide alone: who may is asked on the phone, and she
hears the answer there."""

from warmline.core.journal.listeners import on
from warmline.service.desk import telling
from warmline.service.desk.models import Remedy
from warmline.service.desk.signals import RemedyAsked, RemedyDecided


@on(RemedyAsked)
def ask_who_may(signal: RemedyAsked) -> None:
    telling.ask_for_yes(Remedy.objects.select_related("case__kind").get(pk=signal.remedy))


@on(RemedyDecided)
def tell_who_asked(signal: RemedyDecided) -> None:
    remedy = Remedy.objects.select_related("case", "asked_by").get(pk=signal.remedy)
    telling.tell_decision(remedy)
