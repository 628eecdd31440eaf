"""What happened with a family, as lines on its page."""

from collections.abc import Iterable
from datetime import datetime

from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.contacts.models import Contact, Medium, Message
from warmline.core.promises.models import Promise
from warmline.goods.catalog.models import UNITS
from warmline.look.days import moment
from warmline.look.stencils import stencil
from warmline.look.templatetags.look import icon
from warmline.service.care.models import Correction
from warmline.service.care.timeline import Line

draw = stencil("guide/family/_line.html")
MEDIA = {medium.value: medium.label for medium in Medium}
ICONS = {
    "contact": "phone",
    "message": "message-square-text",
    "sale": "shopping-bag",
    "promise": "handshake",
    "correction": "pencil",
    "joined": "sparkles",
}


def drawn(lines: Iterable[Line]) -> list[SafeString]:
    zone, at = get_current_timezone(), now()
    return [_drawn(line, here=line.at.astimezone(zone), now=at.astimezone(zone)) for line in lines]


def _drawn(line: Line, *, here: datetime, now: datetime) -> SafeString:
    what, beside = _words(line)
    return draw(
        icon=icon(ICONS[line.kind]),
        what=what,
        aside=_became(line),
        beside=[words for words in beside if words],
        says=_says(line),
        why=line.waived_for,
        stamp=here.isoformat(timespec="seconds"),
        full=here.strftime("%Y-%m-%d %H:%M"),
        when=moment(here, now=now),
    )


def _words(line: Line) -> tuple[str, list[str]]:
    """What it was, and what stands beside it."""
    match line.kind:
        case "contact":
            outcome = (
                _("They came to us") if line.is_inbound else Contact.Outcome(line.status).label
            )
            return str(outcome), [str(Medium(line.medium).label), line.who]
        case "message":
            return str(Message.Status(line.status).label), [
                str(MEDIA.get(line.medium, line.medium))
            ]
        case "sale":
            return f"¥{line.text}", [line.who]
        case "promise":
            return str(Promise.Status(line.status).label), [line.title or line.text, line.who]
        case "correction":
            return str(Correction.Kind(line.status).label), [line.title, _amount(line)]
        case _:
            return _("Joined"), []


def _amount(line: Line) -> str:
    if line.value is None:
        return ""
    if line.is_share:
        return f"{line.value:.0%}"
    return f"{floatformat(line.value)} {UNITS.get(line.unit, line.unit)}"


def _became(line: Line) -> str:
    match line.standing:
        case "late":
            return _("(made good later)")
        case "let_off":
            return _("(and let off)")
        case _:
            return ""


def _says(line: Line) -> list[str]:
    if line.kind == "sale":
        return [f"{name} × {floatformat(many)}" for name, many in line.articles]
    return [line.text] if line.kind in {"contact", "message"} and line.text else []
