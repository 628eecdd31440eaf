"""Telling: who hears of a case at once. The family gets the link to its page, its owner a word on her
phone, and what is dangerous reaches whoever manages the store."""

import logging

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from warmline.base.clock import today
from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.models import Purpose
from warmline.core.contacts.sending import NoAddress, TooLong, queue
from warmline.core.people.models import Staff
from warmline.look.days import short_day
from warmline.service.desk.limiting import LINKS_TO_ONE_NUMBER, knock
from warmline.service.desk.models import Arrival, Case, FromWhom

log = logging.getLogger("warmline.desk")
BY_CHANNEL = {"email": "email", "wecom": "wecom"}  # all others: SMS


def link_to(case: Case) -> str:
    """The address of its page; empty as long as nobody said where families reach this site."""
    site = settings.ENV.site or settings.ENV.origins.split(",")[0]
    return f"{site.rstrip('/')}/s/{case.token}/" if site else ""


def tell_who_asked(case: Case) -> None:
    """The first word, by the way they came: that we have it, who answers until when, and the link."""
    first = case.arrivals.filter(opened=True).first()
    if first is None or case.from_whom == FromWhom.COLLEAGUE or first.channel == "api":
        return
    with timezone.override(case.store.zone), override(settings.LANGUAGE_CODE):
        assert case.answer_by or case.answered_at
        by = case.answer_by or case.opened_at
        zone = case.store.zone
        day = short_day(by.astimezone(zone).date(), today=today(zone))
        context = {"case": case, "link": link_to(case), "day": day}
        text = render_to_string("desk/messages/opened.txt", context).strip()
        subject = _("Your case %(code)s") % {"code": case.code}
    _send(case, first, text=text, subject=subject, key=f"case-opened:{case.pk}")


def _send(case: Case, first: Arrival, *, text: str, subject: str, key: str) -> None:
    channel = BY_CHANNEL.get(first.channel, "sms")
    address = {"email": first.email, "wecom": first.wecom_id, "sms": first.phone}[channel]
    if not case.household and (not address or not knock(LINKS_TO_ONE_NUMBER, address)):
        return
    try:
        queue(
            key,
            channel=channel,
            purpose=Purpose.SERVICE,
            text=text,
            subject=subject if channel == "email" else "",
            household=case.household,
            member=case.member,
            store=case.store,
            address=address,
            read_why=True,
        )
    except (NoAddress, Blocked, TooLong) as error:
        log.info("case %s: the first word could not be sent: %s", case.pk, error)


def tell_staff(staff: Staff, text: str, *, key: str, urgent: bool = False) -> bool:
    """A word on a colleague's phone: by WeCom, else by SMS. It names no family."""
    try:
        queue(
            key,
            staff=staff,
            channel="wecom" if staff.wecom_id else "sms",
            purpose=Purpose.RECALL if urgent else Purpose.LOGISTICS,  # no budget holds it up
            text=text,
        )
    except (NoAddress, TooLong):
        log.warning("%s can be reached by no message", staff.pk)
        return False
    return True


def tell_owner(case: Case) -> None:
    if case.owner is None or case.answer_by is None:
        return
    with override(case.owner.language):
        text = _("New case %(code)s: %(kind)s. Answer by %(time)s.") % {
            "code": case.code,
            "kind": case.kind,
            "time": case.answer_by.astimezone(case.store.zone).strftime("%H:%M"),
        }
    tell_staff(case.owner, text, key=f"case-yours:{case.pk}:{case.owner_id}")


def alert(case: Case) -> None:
    """Danger: whoever manages the store is told now, besides the owner."""
    managers = Staff.objects.filter(store=case.store_id, role=Staff.Role.MANAGER, is_active=True)
    for manager in managers:
        with override(manager.language):
            text = _("Case %(code)s cannot wait: %(why)s. Open it in Warmline now.") % {
                "code": case.code,
                "why": case.get_urgency_display(),
            }
        tell_staff(
            manager, text, key=f"case-alert:{case.pk}:{case.urgency}:{manager.pk}", urgent=True
        )


def ask_colleague(case: Case, to: int) -> None:
    """Somebody would like her to take this case over."""
    colleague = Staff.objects.get(pk=to)
    if case.offered_to_id != to:
        return
    with override(colleague.language):
        text = _("Will you take over case %(code)s (%(kind)s)? Accept or decline in Warmline.")
        text = text % {"code": case.code, "kind": case.kind}
    tell_staff(colleague, text, key=f"case-offered:{case.pk}:{case.seq}:{to}")
