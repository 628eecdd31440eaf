"""The alarm was false: nobody rings any more, and whoever was frightened hears that all is well."""

import logging

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from warmline.base.clock import now
from warmline.core.contacts.channels.templates import declare
from warmline.core.contacts.gates import Blocked, quiet_until
from warmline.core.contacts.models import Purpose
from warmline.core.contacts.sending import NoAddress, TooLong, queue
from warmline.core.journal.listeners import on
from warmline.core.promises.models import Promise
from warmline.goods.trace.kinds import RECALL
from warmline.goods.trace.models import Recall, RecallFamily
from warmline.goods.trace.signals import RecallWithdrawn
from warmline.goods.trace.verdicts import Word, verdicts

STILL_WRONG = {Word.RECALLED, Word.HELD, Word.EXPIRED, Word.DESTROYED}
OVER = declare("recall.over", "${title}经复查没有问题，可以放心继续使用。让您受惊了，非常抱歉。")
log = logging.getLogger("warmline.react")


@on(RecallWithdrawn)
def say_that_all_is_well(signal: RecallWithdrawn) -> None:
    """Calls that are owed are let off; texts and calls that went out are taken back by a text."""
    recall = Recall.objects.get(pk=signal.recall)
    reason = _("The alarm was false: the recall was withdrawn.")
    owed = Promise.objects.filter(
        household__in=recall.families.values("household"), kind=RECALL, why__recall=recall.pk
    )
    for promise in owed.owed():
        promise.waive(reason)
    heard = recall.families.filter(Q(messaged_at__isnull=False) | Q(told_at__isnull=False))
    for family in heard.select_related("household__store"):
        _reassure(recall, family)


def _reassure(recall: Recall, family: RecallFamily) -> None:
    if STILL_WRONG & {said.word for said in verdicts(family.units).values()}:
        return  # something else is wrong with it
    with override("zh-hans"):
        text = _(
            "%(title)s was examined again and is in order: you may go on using it. We are sorry for"
            " the fright."
        ) % {"title": recall.title}
    zone = family.household.store.zone
    try:
        queue(
            f"recall-over:{recall.pk}:{family.household_id}",
            household=family.household,
            channel="sms",
            purpose=Purpose.RECALL,
            text=text,
            template=OVER,
            params=[("title", recall.title)],
            run_at=quiet_until(Purpose.SERVICE, zone, now()),  # good news wakes nobody
        )
    except (NoAddress, TooLong, Blocked) as error:
        log.warning("family %s is not told that all is well: %s", family.household_id, error)
