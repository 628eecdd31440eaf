"""Tags that every template has (they are built in). How to use each: docs/look.md."""

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.shortcuts import resolve_url
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join, json_script
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from warmline.base.clock import now, today
from warmline.look import ages, days, dues, gauges, phones
from warmline.look.stencils import stencil
from warmline.look.words import WORDS

register = template.Library()
draw_gauge = stencil("look/components/gauge.html")
draw_stylesheets = stencil("look/components/stylesheets.html")
draw_nav_link = stencil("look/components/nav_link.html")
FIRST_SCREENS = {"/", "/hq/", "/desk/"}


def _zone(zone: ZoneInfo | str | None) -> ZoneInfo:
    if zone is None:
        current = get_current_timezone()
        zone = current if isinstance(current, ZoneInfo) else str(current)
    return ZoneInfo(zone) if isinstance(zone, str) else zone


def _date(value: date | datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


# -- words ---------------------------------------------------------------------------------------


@register.simple_tag
def due(at: datetime, status: str = "open", zone: ZoneInfo | str | None = None) -> SafeString:
    found = dues.due(at, str(status), now=now(), zone=_zone(zone))
    return format_html(
        '<time class="due" data-state="{}" datetime="{}">{}</time>',
        found.state,
        at.isoformat(timespec="minutes"),
        found.words,
    )


@register.simple_tag
def age(born_on: date | None, on: date | None = None, zone: ZoneInfo | str | None = None) -> str:
    return _age(born_on, on or today(_zone(zone)), get_language()) if born_on else ""


@lru_cache(maxsize=10_000)
def _age(born_on: date, on: date, _language: str) -> str:
    return str(ages.age(born_on, on=on))


@register.simple_tag
def day(value: date | datetime, zone: ZoneInfo | str | None = None) -> str:
    where = _zone(zone)
    return days.day(_date(value, where), today=today(where))


@register.simple_tag
def short_day(value: date | datetime, zone: ZoneInfo | str | None = None) -> str:
    where = _zone(zone)
    return days.short_day(_date(value, where), today=today(where))


@register.simple_tag
def moment(at: datetime, zone: ZoneInfo | str | None = None) -> SafeString:
    where = _zone(zone)
    words = days.moment(at.astimezone(where), now=now().astimezone(where))
    stamp = at.isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', stamp, words)


@register.filter
def mask_phone(phone: str | None) -> str:
    return phones.masked(phone or "")


# -- drawings ------------------------------------------------------------------------------------


@cache
def _icons() -> frozenset[str]:
    sprite = finders.find("look/icons.svg")
    assert sprite is not None
    with open(sprite, encoding="utf-8") as file:
        return frozenset(re.findall(r'<symbol id="([^"]+)"', file.read()))


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Without a label an icon is decoration, and says nothing to a screen reader."""
    return _icon(name, str(label), static("look/icons.svg"))


@lru_cache(maxsize=1000)
def _icon(name: str, label: str, sprite: str) -> SafeString:
    if name not in _icons():
        raise template.TemplateSyntaxError(f"No icon {name!r}: add it to tools/vendor.lock.json")
    heard = format_html('role="img" aria-label="{}"', label) if label else 'aria-hidden="true"'
    return format_html(
        '<svg class="icon" width="20" height="20" {}><use href="{}#{}"/></svg>',
        SafeString(heard),
        sprite,
        name,
    )


@register.simple_tag
def gauge(
    p10: date, p50: date, p90: date, on: date | None = None, zone: ZoneInfo | str | None = None
) -> SafeString:
    where = _zone(zone)
    p10, p50, p90 = (_date(value, where) for value in (p10, p50, p90))
    this_day = on or today(where)
    drawn = gauges.run_out_gauge(p10, p50, p90, today=this_day)
    early, likely, late = (days.short_day(d, today=this_day) for d in sorted((p10, p50, p90)))
    return draw_gauge(
        state=drawn.state,
        starts=str(drawn.early),
        span=str(drawn.span),
        peaks=str(drawn.likely),
        today=str(drawn.today),
        early=early,
        likely=likely,
        late=late,
    )


@register.simple_tag
def sparkline(values: Sequence[float | None], label: str) -> SafeString:
    lines = format_html_join(
        "", '<polyline points="{}"/>', ((points,) for points in gauges.sparkline(list(values)))
    )
    return format_html(
        '<svg class="sparkline" viewBox="0 0 96 24" width="96" height="24" role="img" '
        'aria-label="{}">{}</svg>',
        label,
        lines,
    )


@register.simple_tag
def bar(part: float, of: float = 100, state: str = "") -> SafeString:
    """A rate as a length. The number itself stands beside it as text."""
    return format_html(
        '<svg class="bar" data-state="{}" width="96" height="8" aria-hidden="true">'
        '<rect class="whole" width="100%" height="8" rx="4"/>'
        '<rect class="part" width="{}%" height="8" rx="4"/></svg>',
        state,
        str(gauges.share(float(part), of=float(of))),
    )


# -- the page ------------------------------------------------------------------------------------


@register.simple_tag
def stylesheets() -> SafeString:
    return draw_stylesheets()


@register.simple_tag(takes_context=True)
def nav_link(
    context: template.Context, to: str, icon: str, label: str, count: int | None = None
) -> SafeString:
    """A tab or a line of the side menu. The first screen of a door is not above the others."""
    href, path = resolve_url(to), context["request"].path
    here = path == href or (href not in FIRST_SCREENS and path.startswith(href))
    return draw_nav_link(
        href=href,
        icon=_icon(icon, "", static("look/icons.svg")),
        label=label,
        count=str(count) if count else "",
        here=here,
    )


@register.simple_tag(takes_context=True)
def theme(context: template.Context) -> str:
    """What the visitor chose, kept in a cookie so that no page flashes in the other colours."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if request else ""
    return chosen if chosen in {"light", "dark"} else ""


@lru_cache(maxsize=8)
def _words(_language: str) -> dict[str, str]:
    return {key: str(words) for key, words in WORDS.items()}


@register.simple_tag(takes_context=True)
def page_settings(context: template.Context) -> SafeString:
    """What look/*.js needs to know: its words, where to sign in, whose page this is."""
    user = getattr(context.get("request"), "user", None)
    return json_script(
        {
            "words": _words(get_language()),
            "login": resolve_url(settings.LOGIN_URL),
            "csrf": settings.CSRF_COOKIE_NAME,
            "user": user.pk if user is not None and user.is_authenticated else None,
            "made": now().isoformat(timespec="seconds"),
        },
        "page-settings",
    )
