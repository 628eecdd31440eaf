"""A note spoke of danger: whoever manages the store is told at once, besides the promise she gets."""

import logging

from django.utils.translation import gettext as _
from django.utils.translation import override

from warmline.core.contacts.models import Purpose
from warmline.core.contacts.sending import NoAddress, queue
from warmline.core.contacts.signals import RedFlagNoticed
from warmline.core.journal.listeners import on
from warmline.core.people.models import Staff

log = logging.getLogger("warmline.react")


@on(RedFlagNoticed)
def tell_the_manager(signal: RedFlagNoticed) -> None:
    """By WeCom, else by SMS; without the note's words, which only the family's file shows."""
    managers = Staff.objects.filter(store=signal.store, role=Staff.Role.MANAGER, is_active=True)
    for manager in managers:
        channel = "wecom" if manager.wecom_id else "sms"
        with override(manager.language):
            text = _("A call with family %(number)s needs you at once. Open its file in Warmline.")
        try:
            queue(
                f"red-flag:{signal.contact}:{manager.pk}",
                staff=manager,
                channel=channel,
                purpose=Purpose.RECALL,  # what is urgent waits for no budget
                text=text % {"number": signal.household},
            )
        except NoAddress:
            log.warning("manager %s can be reached by no message", manager.pk)
