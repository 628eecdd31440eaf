"""Days and moments in every dress: 2026/1/5, 20260105, 2026年1月5日, Excel's 46027.5."""

import datetime as dt
import re

from django.utils.translation import gettext_lazy as _

from warmline.base.sheets.cells.tidy import BadCell, half_width, is_nothing

PLACEHOLDERS = re.compile(r"(?:0000|1900)[-/.]?0?[01][-/.]?0?[01](?: 0?0:00(?::00)?)?|0")
WRITTEN = re.compile(
    r"(?P<y>\d{4})(?:\s*年\s*|[-/.])(?P<m>\d{1,2})(?:\s*月\s*|[-/.])(?P<d>\d{1,2})\s*[日号]?"
)
COMPACT = re.compile(r"(?P<y>(?:19|20|21)\d\d)(?P<m>\d\d)(?P<d>\d\d)")
ENGLISH = re.compile(r"(?P<d>\d{1,2})[- ](?P<m>[a-z]{3,9})\.?[-, ]+(?P<y>\d{4})", re.I)
ENGLISH_US = re.compile(r"(?P<m>[a-z]{3,9})\.? (?P<d>\d{1,2}),? (?P<y>\d{4})", re.I)
EITHER_WAY = re.compile(r"(?P<a>\d{1,2})[-/.](?P<b>\d{1,2})[-/.](?P<y>\d{4})")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOCK = re.compile(
    r"[T\s]*(?:星期.|周.)?\s*(?P<half>上午|下午|凌晨|中午|晚上|am|pm)?\s*"
    r"(?P<h>\d{1,2})\s*[:时点]\s*(?P<min>\d{1,2})\s*[:分]?\s*(?:(?P<s>\d{1,2})\s*秒?(?:\.\d+)?)?\s*"
    r"(?P<half2>am|pm)?\s*(?P<zone>z|[+-]\d\d:?\d\d)?",
    re.I,
)
COMPACT_CLOCK = re.compile(r"\s?(?P<h>\d\d)(?P<min>\d\d)(?P<s>\d\d)?")
SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
FIRST_SERIAL = 7306  # 1 January 1920: nobody we serve was born before; less is a plain number
LAST_YEAR = 2199


def from_serial(serial: float) -> dt.datetime:
    """Excel's count of days from 1900, which holds a 29 February 1900 that never was."""
    if not 1 <= serial < 2_958_466 or int(serial) == 60:
        raise BadCell("date", _("This is not a date."))
    start = dt.datetime(1899, 12, 31) if serial < 60 else dt.datetime(1899, 12, 30)
    seconds = round(serial % 1 * 86_400)
    return start + dt.timedelta(days=int(serial), seconds=seconds)


def parse_date(text: str) -> dt.date | None:
    """The day, without its time. Whether it may lie ahead is the caller's to say."""
    moment = parse_moment(text)
    return moment.date() if moment else None


def parse_moment(text: str) -> dt.datetime | None:
    """Local time of wherever the file is from; a zone that is written out stays with it."""
    said = half_width(text)
    if is_nothing(said) or PLACEHOLDERS.fullmatch(said):
        return None
    if SERIAL.fullmatch(said):
        if float(said) < FIRST_SERIAL:
            raise BadCell("date", _("This is not a date."))
        return from_serial(float(said))
    day, rest = _day(said)
    return _at(day, rest)


def _day(said: str) -> tuple[dt.datetime, str]:
    for shape in (WRITTEN, COMPACT, ENGLISH, ENGLISH_US, EITHER_WAY):
        match = shape.match(said)
        if match is None:
            continue
        parts = match.groupdict()
        if shape is EITHER_WAY:
            month, day = _which_is_the_month(int(parts["a"]), int(parts["b"]))
        else:
            month, day = _month(parts["m"]), int(parts["d"])
        return _made(int(parts["y"]), month, day), said[match.end() :]
    raise BadCell("date", _("This is not a date. Write it like 2026-01-05."))


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    start = word[:3].lower()
    if start not in MONTHS:
        raise BadCell("date", _("This is not a date. Write it like 2026-01-05."))
    return MONTHS.index(start) + 1


def _which_is_the_month(first: int, second: int) -> tuple[int, int]:
    if first > 12 or first == second:
        return second, first
    if second > 12:
        return first, second
    raise BadCell(
        "date_either_way", _("Day and month could be either way round. Write it like 2026-01-05.")
    )


def _made(year: int, month: int, day: int) -> dt.datetime:
    if not 1900 <= year <= LAST_YEAR:
        raise BadCell("date_far", _("The year {year} cannot be meant."), year=year)
    try:
        return dt.datetime(year, month, day)
    except ValueError as error:
        raise BadCell("no_such_day", _("There is no such day in the calendar.")) from error


def _at(day: dt.datetime, rest: str) -> dt.datetime:
    if not rest.strip(" T"):
        return day
    match = CLOCK.fullmatch(rest) or COMPACT_CLOCK.fullmatch(rest)
    if match is None:
        if re.fullmatch(r"\s*(?:星期.|周.)|\s*\([^)]*\)", rest):
            return day
        raise BadCell("time", _("The time of day cannot be read. Write it like 13:05."))
    parts = match.groupdict()
    hour = _hour(int(parts["h"]), parts.get("half") or parts.get("half2"))
    try:
        moment = day.replace(hour=hour, minute=int(parts["min"]), second=int(parts["s"] or 0))
    except ValueError as error:
        raise BadCell("time", _("The time of day cannot be read. Write it like 13:05.")) from error
    return _in_zone(moment, parts.get("zone"))


def _hour(hour: int, half: str | None) -> int:
    if half is None or hour > 12:
        return hour
    after_noon = half.lower() in ("下午", "晚上", "中午", "pm")
    if hour == 12:
        return 12 if after_noon else 0
    return hour + 12 if after_noon and not (half == "中午" and hour >= 11) else hour


def _in_zone(moment: dt.datetime, zone: str | None) -> dt.datetime:
    if not zone:
        return moment
    if zone.lower() == "z":
        return moment.replace(tzinfo=dt.UTC)
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    if hours > 14 or minutes > 59:
        raise BadCell("time", _("The time of day cannot be read. Write it like 13:05."))
    ahead = dt.timedelta(hours=hours, minutes=minutes)
    return moment.replace(tzinfo=dt.timezone(-ahead if zone[0] == "-" else ahead))
