"""The mailbox: every minute what lies in it is read, each letter for itself, and marked as read only
when it is safe with us. One letter that cannot be taken in delays no other.

A letter is known by what it is and never by its number: a mailbox that is built anew numbers from one.
We look for a mark of our own beside \\Seen, so that a letter which somebody opened in a mail program is
still taken in.
"""

import imaplib
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from time import monotonic

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from warmline.base.clock import now
from warmline.base.crypto import blind
from warmline.core.contacts.models import Message
from warmline.core.people.models import Store
from warmline.service.desk import picturing
from warmline.service.desk.letters import Letter, read
from warmline.service.desk.limiting import Limit, knock
from warmline.service.desk.models import Case, Channel, FromWhom
from warmline.service.desk.models.case import number_of
from warmline.service.desk.noting import note
from warmline.service.desk.receiving import Asker, Received, receive

SIZE_MAX = 12 * 2**20  # of a larger one only the beginning is read
BEGINNING = 200_000
AT_ONCE = 50
TIMEOUT_S = 20
MARK = "Warmline"
OPENED_SINCE = timedelta(days=2)  # older letters that somebody has read are none of ours
AGAIN_AFTER_S = 3600.0
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
LETTERS_OF_ONE = Limit("mail-from", 30, timedelta(hours=1))
OUR_LETTER = re.compile(r"(?:case-opened|desk):(\d+)(?::\d+)?")  # keys of what we wrote to askers
log = logging.getLogger("warmline.desk")


def fetch() -> int:
    """Read what is new; how many letters were contacts. Without a mailbox there are none."""
    if not settings.ENV.imap_host:
        return 0
    with _open() as box:
        has_marks = _has_marks(box)
        mark = rf"(\Seen {MARK})" if has_marks else r"(\Seen)"
        unread = [n for n in _unread(box, has_marks=has_marks) if monotonic() > _aside.get(n, 0.0)]
        return sum(_take(box, number, mark) for number in unread[:AT_ONCE])


_aside: dict[bytes, float] = {}  # letters that could not be taken in, and when they are tried again


def _unread(box: imaplib.IMAP4, *, has_marks: bool) -> list[bytes]:
    asked = ["UNSEEN"]
    if has_marks:
        day = (now() - OPENED_SINCE).date()
        since = f"{day.day:02}-{MONTHS[day.month - 1]}-{day.year}"
        asked = ["UNKEYWORD", MARK, "OR", "UNSEEN", "SINCE", since]
    _ok, found = box.uid("search", *asked)
    return found[0].split() if found and found[0] else []


def _has_marks(box: imaplib.IMAP4) -> bool:
    """Whether this mailbox lets us put marks of our own on its letters."""
    _kind, flags = box.response("PERMANENTFLAGS")
    return bool(flags and flags[0] and b"\\*" in flags[0])


def look() -> None:
    """The same for a loop: a mailbox that does not answer is tried again in a minute."""
    try:
        fetch()
    except (OSError, imaplib.IMAP4.error) as error:
        log.warning("the mailbox does not answer: %s", error)


def _take(box: imaplib.IMAP4, number: bytes, mark: str) -> int:
    """One letter, read and kept before it is marked as read."""
    uid = number.decode()
    try:
        taken = take(_raw(box, uid))
    except (OperationalError, InterfaceError):
        raise  # it is not the letter's fault: all wait
    except Exception:
        log.exception("letter %s could not be taken in", uid)
        _aside[number] = monotonic() + AGAIN_AFTER_S
        return 0
    box.uid("store", uid, "+FLAGS", mark)
    return taken


def take(raw: bytes) -> int:
    """A letter as it came becomes a contact; a program's is none. Again is the same."""
    letter = read(raw)
    if letter.by_program or letter.address.casefold() == settings.ENV.imap_user.casefold():
        return 0
    if not knock(LETTERS_OF_ONE, letter.address.casefold()):
        raise Loop(letter.address)
    note(Channel.EMAIL, letter.key, at=letter.at)
    return 0 if _receive(letter).is_replay else 1


class Loop(Exception):
    """Somebody's program writes to ours and will not stop: it is left lying for an hour."""


@transaction.atomic
def _receive(letter: Letter) -> Received:
    asker = Asker(name=letter.name, email=letter.address, from_whom=FromWhom.OTHER)
    received = receive(
        channel=Channel.EMAIL,
        words=letter.words or letter.subject,
        subject=letter.subject,
        asker=asker,
        store=_store(),
        key=letter.key,
        case=_spoken_of(letter),
        at=letter.at,
    )
    if not received.is_replay:
        _keep_pictures(received, letter)
    return received


def _spoken_of(letter: Letter) -> Case | None:
    """The case that it answers, if we wrote to them about it, or whose number it names, if they did."""
    numbers = [n for code in letter.codes if (n := number_of(code))]
    mark = blind(f"mail:{letter.address.casefold()}")
    theirs = Q(pk__in=_answered(letter)) | Q(pk__in=numbers, phone_bi=mark)
    return Case.objects.filter(theirs).select_related("store", "kind").order_by("-pk").first()


def _answered(letter: Letter) -> list[int]:
    """The cases of those of our letters to this address that it answers."""
    receipts = [f"<{answered}>" for answered in letter.answers]
    found = [
        OUR_LETTER.fullmatch(ours.key)
        for ours in Message.objects.filter(receipt__in=receipts)
        if ours.to.casefold() == letter.address.casefold()
    ]
    return [int(case[1]) for case in found if case]


def _keep_pictures(received: Received, letter: Letter) -> None:
    for picture in letter.pictures:
        try:
            drawn = picturing.draw(BytesIO(picture), size=len(picture))
            picturing.keep(received.case, [drawn], arrival=received.arrival)
        except ValidationError as no:
            log.info("a picture of letter %s: %s", letter.key, no)


def _store() -> Store | None:
    """Where letters belong that say no store: the one named in the settings, else the first."""
    code = settings.ENV.imap_store
    return Store.objects.filter(code=code).first() if code else None


def _raw(box: imaplib.IMAP4, uid: str) -> bytes:
    """The letter without marking it; of a giant only its beginning."""
    _ok, sized = box.uid("fetch", uid, "(RFC822.SIZE)")
    size = int(str(sized[0]).rpartition("RFC822.SIZE ")[2].split(")")[0].strip("' ") or 0)
    what = "(BODY.PEEK[])" if size <= SIZE_MAX else f"(BODY.PEEK[]<0.{BEGINNING}>)"
    _ok, found = box.uid("fetch", uid, what)
    return next(part[1] for part in found if isinstance(part, tuple))


@contextmanager
def _open() -> Iterator[imaplib.IMAP4]:
    env = settings.ENV
    kind = imaplib.IMAP4_SSL if env.imap_tls else imaplib.IMAP4
    box = kind(env.imap_host, env.imap_port, timeout=TIMEOUT_S)
    try:
        box.login(env.imap_user, env.imap_password.get_secret_value())
        box.select("INBOX")
        yield box
    finally:
        box.logout()
