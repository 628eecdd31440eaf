"""Writing: a word of ours as a short message, for which the carriers want approved texts with values,
and as a letter: in the thread of theirs, with who writes, from where, and what comes next."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from warmline.base.clock import today
from warmline.core.contacts.channels.templates import declare
from warmline.look.days import short_day
from warmline.service.desk.letters import id_of
from warmline.service.desk.models import Case, CaseEvent, Channel

SUBJECT_MAX = 120
IN_THREAD = 10
Written = dict[str, Any]
OPENED = declare(
    "desk.opened", "${store}：已收到（${code}）。${who}最晚${by}给您回话。进度：${link}"
)
WORD = declare("desk.word", "${words}（${code}）进度：${link}")


def link_to(case: Case) -> str:
    """The address of its page; empty as long as nobody said where families reach this site."""
    site = settings.ENV.site or settings.ENV.origins.split(",")[0]
    return f"{site.rstrip('/')}/s/{case.token}/" if site else ""


def first_word(case: Case, *, channel: str, text: str, by: datetime) -> Written:
    """That we have it, who answers until when, and where to follow it."""
    if channel == "email":
        return {"text": text, **_in_thread(case)}
    values = {
        "store": case.store.name,
        "code": case.code,
        "who": case.owner.name if case.owner else case.store.name,
        "by": _moment(by, case),
        "link": link_to(case),
    }
    return {"text": text, "template": OPENED, "params": values.items()}


def word(case: Case, event: CaseEvent, *, channel: str) -> Written:
    """An answer, a question, a result: what was said, in the form of the way it goes."""
    with override(settings.LANGUAGE_CODE):
        return _word(case, event, channel=channel)


def _word(case: Case, event: CaseEvent, *, channel: str) -> Written:
    if channel != "email":
        values = {"words": event.words, "code": case.code, "link": link_to(case)}
        return {"text": event.words, "template": WORD, "params": values.items()}
    next_at = event.body.get("next_at")
    context = {
        "case": case,
        "words": event.words,
        "who": event.by.name if event.by else "",
        "next": _moment(datetime.fromisoformat(next_at), case) if next_at else "",
        "link": link_to(case),
    }
    return {
        "text": render_to_string("desk/messages/letter.txt", context).strip(),
        **_in_thread(case),
    }


def _in_thread(case: Case) -> Written:
    """Under their own subject, as an answer to their last letter: mail programs keep it together."""
    letters = case.arrivals.filter(channel=Channel.EMAIL).order_by("pk")
    ids = [known for a in letters if (known := id_of(a.key))]
    asked = next((a.subject for a in letters if a.subject), "")
    subject = _("Your case %(code)s") % {"code": case.code}
    if asked:
        begin = asked if asked.lower().startswith("re:") else f"Re: {asked}"
        subject = f"{begin[: SUBJECT_MAX - 20]} [{case.code}]"
    return {"subject": subject, "thread": " ".join(ids[-IN_THREAD:])}


def _moment(at: datetime, case: Case) -> str:
    here = timezone.localtime(at, case.store.zone)
    return f"{short_day(here.date(), today=today(case.store.zone))} {here:%H:%M}"
