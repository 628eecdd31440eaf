"""The desk's mailbox on a real IMAP server, and its answers through a real SMTP server."""

import imaplib
from contextlib import suppress
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime

import pytest
from aiosmtpd.controller import Controller

from tests.mailserver import MailServer, mailserver  # noqa: F401 fixture
from warmline.base.clock import now
from warmline.core.contacts.channels.smtp import Smtp
from warmline.core.contacts.delivering import deliver_once
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.core.people.models import Store
from warmline.service.desk import answering, limiting, mailbox
from warmline.service.desk.models import Arrival, Case, ChannelLine, Tally

TEN = "2026-11-23T10:00:00+08:00"


@pytest.fixture(autouse=True)
def a_store(db, clock, settings, mailserver):  # noqa: F811
    clock(TEN)
    settings.ENV = settings.ENV.model_copy(
        update={**mailserver.settings(), "imap_password": _Secret(), "site": "https://shop.example"}
    )
    mailserver.empty()
    mailbox._aside.clear()
    return Store.objects.create(code="S1", name="春熙路店")


class _Secret:
    def get_secret_value(self):
        from tests.mailserver import PASSWORD

        return PASSWORD


def letter(words="罐口没有封好", *, number=1, sender="林浩 <lin@example.com>", **headers):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, headers.pop("Subject", "奶粉")
    mail["Message-ID"] = headers.pop("Message_ID", f"<{number}@example.com>")
    mail["Date"] = format_datetime(now())
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


@pytest.fixture
def posted():
    """What our letters look like to those who get them."""
    kept = []

    class Letterbox:
        async def handle_DATA(self, _server, _session, envelope):
            kept.append(message_from_bytes(envelope.original_content, policy=policy.default))
            return "250 taken"

    office = Controller(Letterbox(), hostname="127.0.0.1", port=MailServer(None, "", "").port)
    office.start()
    channel = Smtp(host="127.0.0.1", port=office.port, sender="desk@shop.example", tls="none")

    def posted():
        with Shift("test") as shift:
            while react_once(shift):
                pass
            while deliver_once(shift, channels=lambda _kind: channel):
                pass
        return kept

    yield posted
    office.stop()


def test_a_letter_is_a_case_its_answer_goes_out_and_the_reply_comes_back_to_it(
    mailserver, posted, clock, a_store, django_user_model  # noqa: F811
):  # fmt: skip
    mailserver.deliver(letter(sender="阿姨 <aunt@example.com>"))
    assert mailbox.fetch() == 1
    case = Case.objects.get()
    [first] = posted()
    assert first["To"] == "aunt@example.com"
    assert f"/s/{case.token}/" in first.get_content()

    ding = django_user_model.objects.create(username="ding", name="丁", role="agent")
    case = Case.objects.select_related("store", "kind").get()
    answering.answer(
        case, words="明天给您换一罐", by=ding, medium="email", next_at=now().replace(hour=9)
    )
    answer = posted()[-1]
    assert "明天给您换一罐" in answer.get_content()

    clock("2026-11-23T15:00:00+08:00")
    reply = letter(
        "那我几点来？", number=2, sender="Aunt@Example.com", In_Reply_To=answer["Message-ID"]
    )
    mailserver.deliver(reply)
    assert mailbox.fetch() == 1
    assert Case.objects.count() == 1
    assert [a.words for a in case.arrivals.order_by("pk")] == ["罐口没有封好", "那我几点来？"]


def test_who_was_not_written_to_answers_nothing(mailserver, posted, clock):  # noqa: F811
    mailserver.deliver(letter())
    mailbox.fetch()
    [ours] = posted()
    stranger = letter("我也要", number=2, sender="x@evil.example", References=ours["Message-ID"])
    mailserver.deliver(stranger)
    mailbox.fetch()
    assert Case.objects.count() == 2


def test_a_mailbox_that_is_built_anew_brings_nothing_twice(mailserver, clock):  # noqa: F811
    for n in range(3):
        mailserver.deliver(letter(f"第{n}件", number=n, sender=f"a{n}@example.com"))
    assert mailbox.fetch() == 3
    mailserver.build_anew()
    assert mailserver.unread() == 3
    mailserver.deliver(letter("新的", number=9, sender="a9@example.com"))
    assert mailbox.fetch() == 1
    assert Arrival.objects.count() == ChannelLine.objects.count() == Case.objects.count() == 4
    assert mailserver.unread() == 0


def test_whoever_falls_between_keeping_and_marking_loses_nothing_and_keeps_nothing_twice(
    mailserver, monkeypatch  # noqa: F811
):  # fmt: skip
    for n in range(3):
        mailserver.deliver(letter(f"第{n}件", number=n, sender=f"a{n}@example.com"))
    true, fallen = imaplib.IMAP4.uid, []

    def falls(self, command, *args):
        if command == "store" and len(fallen) < 2:
            fallen.append(args)
            raise ConnectionResetError
        return true(self, command, *args)

    monkeypatch.setattr(imaplib.IMAP4, "uid", falls)
    for _again in range(3):
        with suppress(OSError):
            mailbox.fetch()
    assert len(fallen) == 2
    assert Arrival.objects.count() == Case.objects.count() == 3
    assert mailserver.unread() == 0


def test_a_letter_that_somebody_opened_first_is_still_taken_in(mailserver):  # noqa: F811
    mailserver.deliver(letter(), flags=r"(\Seen)")
    assert mailbox.fetch() == 1
    assert mailbox.fetch() == 0
    assert Arrival.objects.count() == 1


def test_two_letters_with_one_id_are_two(mailserver):  # noqa: F811
    """A scanner at a supplier's gives all of its letters the same Message-ID."""
    mailserver.deliver(letter("第一张送货单", Message_ID="<scan@copier>", sender="c@example.com"))
    mailserver.deliver(letter("第二张送货单", Message_ID="<scan@copier>", sender="c@example.com"))
    assert mailbox.fetch() == 2
    assert Arrival.objects.count() == 2


def test_a_giant_broken_letters_and_scripts_harm_nobody(mailserver):  # noqa: F811
    giant = letter("很大的附件", number=1, sender="big@example.com")
    giant.add_attachment(b"\0" * (22 * 2**20), maintype="video", subtype="mp4", filename="a.mp4")
    page = letter(number=2, sender="page@example.com")
    page.clear_content()
    page.set_content("<script>steal()</script><p onclick=x()>罐口破了</p>", subtype="html")
    assert len(giant.as_bytes()) > 29 * 2**20
    for raw in (
        giant.as_bytes(),
        page.as_bytes(),
        b"From: torn@example.com\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Ty",
        b"From: odd@example.com\r\nSubject: =?gb2312?Q?=FF?=\r\n\r\n\xc4\xe3\xba\xc3\r\n",
        b"no headers at all\r\n",
    ):
        mailserver.deliver(raw)
    mailbox.fetch()
    assert mailserver.unread() == 0
    words = {a.email: a.words for a in Arrival.objects.all()}
    assert set(words) == {f"{who}@example.com" for who in ("big", "page", "torn", "odd")}
    assert words["page@example.com"] == "罐口破了"
    assert words["big@example.com"].startswith("很大的附件")


def test_a_loop_is_left_lying_and_holds_up_nobody(mailserver, monkeypatch):  # noqa: F811
    monkeypatch.setattr(
        mailbox, "LETTERS_OF_ONE", limiting.Limit("mail-from", 3, mailbox.OPENED_SINCE)
    )
    monkeypatch.setattr(mailbox, "AT_ONCE", 5)
    for n in range(12):
        mailserver.deliver(letter(f"自动第{n}封", number=n, sender="robot@example.com"))
    mailserver.deliver(letter("我的罐口破了", number=99, sender="lin@example.com"))
    for _minute in range(4):
        mailbox.fetch()
    assert Arrival.objects.filter(case__gist__isnull=False).count() == 4
    assert any(a.email == "lin@example.com" for a in Arrival.objects.all())
    assert mailserver.unread() == 9
    Tally.objects.all().delete()  # an hour later
    mailbox._aside.clear()
    mailbox.fetch()
    assert mailserver.unread() < 9
