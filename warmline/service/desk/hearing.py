"""Hearing: what people write back by SMS or in WeCom. It adds to the case they have open; else, unless
they only said thanks or wanted no more messages, it is a new one."""

from collections.abc import Iterable

from django.db import transaction

from warmline.base.crypto import blind
from warmline.core.contacts.channels import Reply
from warmline.core.contacts.reports import take_replies
from warmline.service.desk.limiting import ADDING_TO_ONE_CASE, knock
from warmline.service.desk.models import Case, Channel
from warmline.service.desk.noting import note
from warmline.service.desk.receiving import Asker, Received, known, receive
from warmline.service.desk.thanks import is_thanks


def hear(replies: Iterable[Reply]) -> int:
    """Take in what providers post to us; how many contacts there were. Posted again, none."""
    replies = list(replies)
    taken = take_replies(replies)
    return taken + sum(_hear(reply) for reply in replies)


def _hear(reply: Reply) -> int:
    channel = Channel.WECOM if reply.wecom_id else Channel.SMS
    asker = Asker(phone=reply.phone, wecom_id=reply.wecom_id)
    case = _theirs(asker)
    if reply.opts_out or (case is None and is_thanks(reply.text)):
        return 0  # a contact in the family's file, and nothing that wants an answer
    note(channel, reply.event_id, at=reply.at)
    received = _receive(reply, channel, asker, case)
    return 0 if received.is_replay else 1


@transaction.atomic
def _receive(reply: Reply, channel: str, asker: Asker, case: Case | None) -> Received:
    """Who writes very often adds to the same case; each of their words is kept."""
    if case is None and not knock(ADDING_TO_ONE_CASE, asker.mark):
        case = _theirs(asker, closed=True)
    return receive(
        channel=channel,
        words=reply.text,
        asker=asker,
        key=reply.event_id,
        case=case,
        at=reply.at,
    )


def _theirs(asker: Asker, *, closed: bool = False) -> Case | None:
    """The last case of whoever writes: the open one, or any."""
    who = known(asker, store=None)
    cases = Case.objects.select_related("store", "kind") if closed else Case.objects.open()
    if who.household:
        cases = cases.filter(household=who.household)
    else:
        cases = cases.filter(household__isnull=True, phone_bi=blind(asker.mark))
    return cases.select_related("store", "kind").order_by("-opened_at").first()
