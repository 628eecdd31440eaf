"""Letters, broken or not, from people and from programs."""

from datetime import datetime
from email.message import EmailMessage

import pytest

from warmline.core.contacts.models import Message
from warmline.core.journal.reacting import react_once
from warmline.core.journal.workers import Shift
from warmline.service.desk import answering, letters, mailbox
from warmline.service.desk.models import Arrival, Case, ChannelLine


@pytest.fixture(autouse=True)
def here(store, clock):
    clock("2026-11-23T10:00:00+08:00")


def letter(words="罐口没有封好", sender="林浩 <lin@example.com>", **headers):
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, headers.pop("Subject", "奶粉")
    mail["Message-ID"] = headers.pop("Message_ID", "<1@example.com>")
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(words)
    return mail


def test_a_letter_is_a_case_and_gets_the_link_back(settings):
    settings.ENV = settings.ENV.model_copy(update={"site": "https://shop.example"})
    assert mailbox.take(letter().as_bytes()) == 1
    case = Case.objects.get()
    assert (case.channel, case.household, case.name) == ("email", None, "林浩")
    with Shift("test") as shift:
        while react_once(shift):
            pass
    answer = Message.objects.get()
    assert (answer.channel, answer.to) == ("email", "lin@example.com")
    assert case.code in answer.subject
    assert f"/s/{case.token}/" in answer.text


def test_read_twice_it_is_one():
    raw = letter().as_bytes()
    assert [mailbox.take(raw), mailbox.take(raw)] == [1, 0]
    assert Arrival.objects.count() == ChannelLine.objects.count() == 1


def test_an_answer_that_names_its_case_belongs_to_it(clock):
    mailbox.take(letter().as_bytes())
    case = Case.objects.get()
    clock("2026-11-24T10:00:00+08:00")
    reply = letter("还没收到\n\n> 您好", Subject=f"Re: {case.code}", Message_ID="<2@x>")
    mailbox.take(reply.as_bytes())
    assert case.arrivals.count() == 2
    assert case.arrivals.order_by("pk").last().words == "还没收到"


def test_an_answer_by_mail_stands_in_the_thread_of_theirs_and_says_who_and_what_next(clock, hire):
    """Their program shows it under their own letter: same subject, an answer to the last one; and
    their next one finds its case by the number in it."""
    clock("2026-11-23T10:00:00+08:00")
    mailbox.take(letter(Subject="罐口没有封好").as_bytes())
    case = Case.objects.get()
    mailbox.take(letter("是 1 段", Subject=f"Re: {case.code}", Message_ID="<2@x>").as_bytes())
    wang = hire("wanglin", role="agent", store=None)
    next_at = datetime.fromisoformat("2026-11-23T16:00:00+08:00")

    answering.answer(case, words="在查这一批。", by=wang, next_at=next_at, medium="email")

    answer = Message.objects.get(key__startswith="desk:")
    assert answer.subject == f"Re: 罐口没有封好 [{case.code}]"
    assert answer.thread == "<1@example.com> <2@x>"
    assert answer.text.startswith("在查这一批。")
    assert "16:00" in answer.text
    assert "wanglin" in answer.text
    assert case.store.name in answer.text
    again = letter("谢谢，等你们", Subject=f"Re: {answer.subject}", Message_ID="<3@x>")
    mailbox.take(again.as_bytes())
    assert Case.objects.count() == 1


def test_nobody_writes_into_a_case_by_guessing_its_number(clock):
    mailbox.take(letter().as_bytes())
    case = Case.objects.get()
    other = letter("我也要", sender="x@evil.example", Subject=case.code, Message_ID="<3@x>")
    mailbox.take(other.as_bytes())
    assert case.arrivals.count() == 1
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news>"},
        {"Return_Path": "<>"},
        {"X_Autoreply": "yes"},
        {"sender": "MAILER-DAEMON@example.com"},
        {"sender": "no-reply@example.com"},
        {"sender": ""},
    ],
)
def test_programs_get_no_answer(headers):
    assert mailbox.take(letter(**headers).as_bytes()) == 0
    assert not Case.objects.exists()


def test_a_loop_between_two_programs_ends():
    for n in range(30):
        assert mailbox.take(letter(f"第{n}封", Message_ID=f"<{n}@loop>").as_bytes()) == 1
    with pytest.raises(mailbox.Loop):
        mailbox.take(letter("又一封", Message_ID="<30@loop>").as_bytes())
    assert Case.objects.count() == 1


def test_scripts_in_a_letter_are_no_words():
    mail = letter()
    mail.clear_content()
    mail.set_content(
        "<html><head><title>t</title><style>p{}</style></head><body><script>steal()</script>"
        "<p>罐口&nbsp;破了</p><img src=x onerror=alert(1)></body></html>",
        subtype="html",
    )
    read = letters.read(mail.as_bytes())
    assert read.words == "罐口 破了"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe\0\0",
        b"From: a@b.c\r\n\r\n" + b"x" * 100,
        b"From: a@b.c\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: mult",
        b"From: =?utf-8?B?!!!?= <a@b.c>\r\nSubject: =?gb2312?Q?=FF?=\r\n\r\n\xc4\xe3\xba\xc3",
        b"From: a@b.c\r\nDate: Mon, 99 Foo 2026\r\nContent-Type: text/plain; charset=nonsense\r\n\r\nhi",
        b"From: a@b.c\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\n%%%%",
        b"From: a@b.c\r\n" + b"X: y\r\n" * 5000 + b"\r\nhi",
        b"From: " + b"a" * 5000 + b"@b.c\r\nMessage-ID: " + b"<" * 900 + b"\r\n\r\nhi",
    ],
)
def test_a_broken_letter_is_read_as_far_as_it_can_be(raw):
    read = letters.read(raw)
    assert read.key
    assert len(read.key) <= 120
    mailbox.take(raw)


def test_chinese_of_the_old_kind_is_read():
    raw = (
        b"From: a@b.c\r\nContent-Type: text/plain; charset=gb2312\r\n\r\n"
        + "你好，罐口破了".encode("gb18030")
    )
    assert letters.read(raw).words == "你好，罐口破了"


class Box:
    """A mailbox as imaplib speaks to it: two letters, one of them a giant of 30 MB."""

    def __init__(self, letters):
        self.letters, self.seen, self.asked = letters, set(), []

    def response(self, _name):
        return "PERMANENTFLAGS", [rb"(\Seen)"]  # no marks of our own

    def uid(self, command, *args):
        if command == "search":
            return "OK", [" ".join(str(n) for n in self.letters if n not in self.seen).encode()]
        number = int(args[0])
        if command == "store":
            self.seen.add(number)
            return "OK", [None]
        size, raw = self.letters[number]
        if "RFC822.SIZE" in args[1]:
            return "OK", [f"{number} (UID {number} RFC822.SIZE {size})".encode()]
        self.asked.append(args[1])
        return "OK", [(b"1 (BODY[] {9}", raw), b")"]


@pytest.fixture
def box(settings, monkeypatch):
    from contextlib import contextmanager

    settings.ENV = settings.ENV.model_copy(update={"imap_host": "mail.example"})

    mailbox._aside.clear()

    def box(letters):
        made = Box(letters)
        monkeypatch.setattr(mailbox, "_open", contextmanager(lambda: iter([made])))
        return made

    return box


def test_of_a_giant_only_the_beginning_is_read(box):
    made = box(
        {1: (30 * 2**20, letter(Message_ID="<big@x>").as_bytes()), 2: (900, letter().as_bytes())}
    )
    assert mailbox.fetch() == 2
    assert made.asked == ["(BODY.PEEK[]<0.200000>)", "(BODY.PEEK[])"]
    assert made.seen == {1, 2}
    assert mailbox.fetch() == 0


def test_a_mailbox_that_does_not_answer_is_tried_again(settings, caplog):
    away = {"imap_host": "127.0.0.1", "imap_port": 9, "imap_tls": False}
    settings.ENV = settings.ENV.model_copy(update=away)
    mailbox.look()
    assert "the mailbox does not answer" in caplog.text


def test_one_bad_letter_delays_no_other_and_stays_unread(box, monkeypatch):
    made = box({1: (900, b"poison"), 2: (900, letter().as_bytes())})
    true = letters.read
    monkeypatch.setattr(mailbox, "read", lambda raw: true(raw) if raw != b"poison" else 1 / 0)
    assert mailbox.fetch() == 1
    assert made.seen == {2}


@pytest.mark.parametrize(
    ("charset", "words"), [("utf-7", b"+2AA- hi"), ("unicode_escape", b"\\ud800 hi")]
)
def test_half_a_letter_of_the_alphabet_keeps_no_letter_out(charset, words):
    raw = b"From: a@b.c\r\nContent-Type: text/plain; charset=%s\r\n\r\n" % charset.encode() + words
    assert mailbox.take(raw) == 1
    assert Arrival.objects.get().words == "? hi"


def test_who_floods_the_mailbox_keeps_nobody_elses_letter_waiting(box, clock):
    flood = {n: (900, letter(f"第{n}封", Message_ID=f"<{n}@x>").as_bytes()) for n in range(1, 201)}
    real = letter("罐口破了", "王芳 <wang@example.com>", Message_ID="<w@x>").as_bytes()
    made = box(flood | {201: (900, real)})
    for _minute in range(5):
        mailbox.fetch()
    assert "罐口破了" in {arrival.words for arrival in Arrival.objects.all()}
    assert 201 in made.seen
    assert len(made.seen) == 31
    clock("2026-11-23T18:01:00+08:00")
    mailbox._aside.clear()  # an hour, by a clock that nobody sets
    assert mailbox.fetch() == 30  # then theirs are read too, so many an hour
