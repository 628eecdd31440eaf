"""A recall was declared: families are ranked by what they still have, called and texted.

Nobody's safety waits for a budget or a consent: the purpose is recall, and the gates let it pass. A
drill ranks and counts, and tells nobody.
"""

import logging

from django.utils.translation import gettext as _
from django.utils.translation import override

from warmline.base.clock import now
from warmline.core.contacts.channels.templates import declare
from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.models import Purpose
from warmline.core.contacts.sending import NoAddress, TooLong, queue
from warmline.core.journal.listeners import on
from warmline.core.journal.models import Entry
from warmline.core.journal.recording import record_many
from warmline.core.people.merging import also_known_as
from warmline.core.promises.models import Promise
from warmline.core.promises.signals import PromiseKept
from warmline.goods.trace import recalls
from warmline.goods.trace.kinds import RECALL
from warmline.goods.trace.models import Recall, RecallFamily
from warmline.goods.trace.signals import RecallDeclared, RecallTouchesFamily
from warmline.service.care import still_open

AT_ONCE = 1_000
TOLD = declare(
    "recall.told",
    "请先不要使用这款商品：${title}。${advice}我们正在给您打电话；也可以带到门店，我们收回。",
)
log = logging.getLogger("warmline.react")


@on(RecallDeclared)
def tell_families(signal: RecallDeclared) -> None:
    """Rank them, and let the playbooks promise each a call."""
    recall = Recall.objects.get(pk=signal.recall)
    still_open.rank(recall)
    if recall.is_drill or recall.status != Recall.Status.DECLARED:
        return
    ranked = still_open.ranked(recall, limit=1_000_000)
    told = _told_of(recall)  # who joined since is owed a call by that
    families = [one for one in ranked if one.household_id not in told]
    for n in range(0, len(families), AT_ONCE):
        record_many([recalls.touching(family) for family in families[n : n + AT_ONCE]])
    for owner in recalls.missed(recall):
        recalls.join(recall, owner, was_stock=True)


def _told_of(recall: Recall) -> set[int | None]:
    """The families that playbooks heard of already; a rank says nothing, head office's room has one too."""
    heard = Entry.objects.filter(kind=RecallTouchesFamily.kind, at__gte=recall.declared_at)
    return set(heard.filter(body__recall=recall.pk).values_list("household_id", flat=True))


@on(RecallTouchesFamily)
def text_the_family(signal: RecallTouchesFamily) -> None:
    """A text at once, for whoever does not answer the telephone; the call remains promised."""
    family = (
        RecallFamily.objects.select_related("household", "recall")
        .filter(recall=signal.recall, household=signal.household)
        .first()
    )
    if family is None or family.messaged_at or family.recall.status == Recall.Status.WITHDRAWN:
        return
    with override("zh-hans"):
        said = _(
            "Please stop using this product for now: %(title)s. %(advice)s We are ringing you; or"
            " bring it to the store, we take it back."
        )
    text = said % {"title": signal.title, "advice": signal.advice}
    try:
        message = queue(
            f"recall:{signal.recall}:{signal.household}",
            household=family.household,
            channel="sms",
            purpose=Purpose.RECALL,
            text=text,
            template=TOLD,
            params=[("title", signal.title), ("advice", signal.advice)],
        )
    except (NoAddress, TooLong, Blocked) as error:
        log.warning(
            "family %s gets no text about recall %s: %s", signal.household, signal.recall, error
        )
        return
    family.messaged_at, family.message_id = now(), message.pk
    family.save(update_fields=["messaged_at", "message_id"])


@on(PromiseKept)
def note_the_proof(signal: PromiseKept) -> None:
    """A guide rang and reached the family: that is the proof that it was told of this recall."""
    promise = Promise.objects.filter(pk=signal.promise, kind=RECALL).first()
    if promise is None:
        return
    families = RecallFamily.objects.filter(
        recall=promise.why.get("recall"),
        household__in=also_known_as(promise.household_id),
        told_at__isnull=True,
    )
    for family in families.exclude(recall__status=Recall.Status.WITHDRAWN):
        recalls.tell(family, how="phone")
