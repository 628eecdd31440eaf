"""Telling: who hears of a case at once. The family gets the link to its page, its owner a word on her
phone, and what is dangerous reaches whoever manages the store."""

import logging
from collections import defaultdict
from collections.abc import Sequence

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from warmline.base.clock import now, today
from warmline.core.contacts.channels.templates import declare
from warmline.core.contacts.gates import Blocked
from warmline.core.contacts.models import TO_COLLEAGUE, Purpose
from warmline.core.contacts.sending import NoAddress, TooLong, queue
from warmline.core.people.models import Staff
from warmline.look.days import moment, short_day
from warmline.service.desk import writing
from warmline.service.desk.deciding import may_say
from warmline.service.desk.folding import clocks_of
from warmline.service.desk.ladder import who_hears
from warmline.service.desk.limiting import LINKS_TO_ONE_NUMBER, knock
from warmline.service.desk.models import (
    Arrival,
    Case,
    Feedback,
    Freeze,
    FromWhom,
    Prevention,
    Remedy,
)
from warmline.service.desk.signals import CaseEscalated

STAFF = declare("staff.word", "工作提醒：${text}")
log = logging.getLogger("warmline.desk")
BY_CHANNEL = {"email": "email", "wecom": "wecom"}  # all others: SMS


def tell_who_asked(case: Case) -> None:
    """The first word, by the way they came: that we have it, who answers until when, and the link."""
    first = case.arrivals.filter(opened=True).first()
    if first is None or case.from_whom == FromWhom.COLLEAGUE or first.channel == "api":
        return
    with timezone.override(case.store.zone), override(settings.LANGUAGE_CODE):
        # What was promised as it came: meanwhile it may have been answered, or joined to another.
        by = clocks_of(case.events.get(kind="opened").fact())["answer_by"]
        zone = case.store.zone
        day = short_day(by.astimezone(zone).date(), today=today(zone))
        context = {"case": case, "link": writing.link_to(case), "day": day, "by": by}
        text = render_to_string("desk/messages/opened.txt", context).strip()
        channel = BY_CHANNEL.get(first.channel, "sms")
        written = writing.first_word(case, channel=channel, text=text, by=by)
    _send(case, first, channel, written, key=f"case-opened:{case.pk}")


def address_of(first: Arrival, channel: str) -> str:
    """Where whoever asked can be written to by this channel, as they said when they came."""
    said = {"email": first.email, "wecom": first.wecom_id, "sms": first.phone}
    return str(said[channel])


def _send(case: Case, first: Arrival, channel: str, written: writing.Written, *, key: str) -> None:
    address = address_of(first, channel)
    if not case.household and (not address or not knock(LINKS_TO_ONE_NUMBER, address)):
        return
    try:
        queue(
            key,
            channel=channel,
            purpose=Purpose.SERVICE,
            household=case.household,
            member=case.member,
            store=case.store,
            address=address,
            read_why=True,
            **written,
        )
    except (NoAddress, Blocked, TooLong) as error:
        log.info("case %s: the first word could not be sent: %s", case.pk, error)


def tell_staff(staff: Staff, text: str, *, key: str) -> bool:
    """A word on a colleague's phone: by WeCom, else by SMS. It names no family."""
    try:
        queue(
            key,
            staff=staff,
            channel="wecom" if staff.wecom_id else "sms",
            purpose=TO_COLLEAGUE,
            text=text,
            template=STAFF,
            params=[("text", text)],
        )
    except (NoAddress, TooLong):
        log.warning("%s can be reached by no message", staff.pk)
        return False
    return True


def tell_owner(case: Case) -> None:
    if case.owner is None or case.answer_by is None:
        return
    zone = case.store.zone
    with override(case.owner.language):
        text = _("New case %(code)s: %(kind)s. Answer by %(time)s.") % {
            "code": case.code,
            "kind": case.kind,
            "time": moment(case.answer_by.astimezone(zone), now=now().astimezone(zone)),
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
        tell_staff(manager, text, key=f"case-alert:{case.pk}:{case.urgency}:{manager.pk}")


def tell_of_late(signals: Sequence[CaseEscalated]) -> None:
    """One message to each who is to hear, however many cases it is about."""
    cases = Case.objects.select_related("store").in_bulk([s.case for s in signals])
    hearing: dict[Staff, list[CaseEscalated]] = defaultdict(list)
    for signal in signals:
        case = cases[signal.case]
        if case.closed_at is None and case.rung > 0:  # else somebody acted meanwhile
            for staff in who_hears(case, signal.level):
                hearing[staff].append(signal)
    for staff, theirs in hearing.items():
        first = min(theirs, key=lambda s: s.event)
        with override(staff.language):
            text = _late_words([cases[s.case] for s in theirs], first.level)
        tell_staff(staff, text, key=f"case-late:{first.event}:{staff.pk}")


def _late_words(cases: Sequence[Case], level: str) -> str:
    codes = ", ".join(case.code for case in cases[:3])
    if level == "keeper":
        text = ngettext(
            "%(n)s case of yours is due soon: %(codes)s.",
            "%(n)s cases of yours are due soon: %(codes)s…",
            len(cases),
        )
    else:
        text = ngettext(
            "%(n)s case is late: %(codes)s.", "%(n)s cases are late: %(codes)s…", len(cases)
        )
    return text % {"n": len(cases), "codes": codes}


def ask_for_yes(remedy: Remedy) -> None:
    """Everybody near who may say yes: the store's, else the region's, else head office."""
    if remedy.status != Remedy.Status.ASKED:
        return
    for level in ("manager", "region", "hq"):
        may = [staff for staff in who_hears(remedy.case, level) if may_say(staff, remedy)]
        if may:
            break
    for staff in may:
        with override(staff.language):
            text = _("Case %(code)s: %(what)s of %(amount)s. Yes or no? Open it in Warmline.") % {
                "code": remedy.case.code,
                "what": remedy.get_kind_display(),
                "amount": remedy.amount,
            }
        tell_staff(staff, text, key=f"remedy-asked:{remedy.pk}:{staff.pk}")


def tell_decision(remedy: Remedy) -> None:
    with override(remedy.asked_by.language):
        text = _("Case %(code)s: %(what)s of %(amount)s: %(decision)s.") % {
            "code": remedy.case.code,
            "what": remedy.get_kind_display(),
            "amount": remedy.amount,
            "decision": remedy.get_status_display(),
        }
    tell_staff(remedy.asked_by, text, key=f"remedy-decided:{remedy.pk}")


def tell_department(asked: Feedback) -> None:
    by = asked.due_at.astimezone(asked.case.store.zone)
    for keeper in asked.department.keepers.filter(is_active=True):
        with override(keeper.language):
            text = _("A finding for %(department)s (case %(code)s). Answer by %(day)s.") % {
                "department": asked.department,
                "code": asked.case.code,
                "day": short_day(by.date(), today=today(asked.case.store.zone)),
            }
        tell_staff(keeper, text, key=f"feedback-asked:{asked.pk}:{keeper.pk}")


def ask_colleague(case: Case, to: int) -> None:
    """Somebody would like her to take this case over."""
    colleague = Staff.objects.get(pk=to)
    if case.offered_to_id != to:
        return
    with override(colleague.language):
        text = _("Will you take over case %(code)s (%(kind)s)? Accept or decline in Warmline.")
        text = text % {"code": case.code, "kind": case.kind}
    tell_staff(colleague, text, key=f"case-offered:{case.pk}:{case.seq}:{to}")


def tell_prevention(prevention: Prevention, *, is_late: bool = False) -> None:
    """Who promised to change something hears by when; and again each day that it is late."""
    owner = prevention.owner
    with override(owner.language):
        if is_late:
            text = _("Late: “%(words)s” was promised for %(day)s. Is it done? (%(cause)s)")
        else:
            text = _("Yours until %(day)s: %(words)s (%(cause)s)")
        text = text % {
            "words": prevention.words[:60],
            "day": short_day(prevention.due_on, today=today()),
            "cause": prevention.cause,
        }
    when = f":{today()}" if is_late else ""
    tell_staff(owner, text, key=f"prevention:{prevention.pk}{when}")


def tell_effect(prevention: Prevention) -> None:
    """Did it help? Who promised it and who asked for it hear the count."""
    for staff in {prevention.owner, prevention.made_by} - {None}:
        assert staff is not None
        with override(staff.language):
            text = _("%(words)s: %(effect)s. Cases before: %(before)s, since: %(after)s.") % {
                "words": prevention.words[:60],
                "effect": prevention.get_status_display(),
                "before": prevention.before,
                "after": prevention.after,
            }
        tell_staff(staff, text, key=f"prevention-checked:{prevention.pk}:{staff.pk}")


def ask_for_freeze(freeze: Freeze) -> None:
    """Head office is asked at once: it cannot wait for a budget or for the morning."""
    if freeze.status != Freeze.Status.PROPOSED:
        return
    for staff in Staff.objects.at_work().filter(role=Staff.Role.HQ):
        with override(staff.language):
            text = _("Case %(code)s names %(lot)s: stop its sale? Decide in Warmline now.") % {
                "code": freeze.case.code,
                "lot": freeze,
            }
        tell_staff(staff, text, key=f"freeze-asked:{freeze.pk}:{staff.pk}")


def tell_freeze(freeze: Freeze) -> None:
    """Whoever proposed it, and whoever has the case, hear what head office said."""
    for staff in {freeze.proposed_by, freeze.case.owner} - {None}:
        assert staff is not None
        with override(staff.language):
            text = _("%(lot)s (case %(code)s): %(decision)s. %(reason)s") % {
                "lot": freeze,
                "code": freeze.case.code,
                "decision": freeze.get_status_display(),
                "reason": freeze.reason[:60],
            }
        tell_staff(staff, text, key=f"freeze-decided:{freeze.pk}:{staff.pk}")
