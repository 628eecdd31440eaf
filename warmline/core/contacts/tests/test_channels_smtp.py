"""E-mail, through a real mail server on this machine."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from ipaddress import ip_address
from socket import create_connection, create_server

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from warmline.core.contacts.channels import Reason, Refused, Retry
from warmline.core.contacts.channels.smtp import Smtp
from warmline.core.contacts.tests.posting import Letter, evening


class Letterbox:
    """Keeps what it is handed; has its moods."""

    def __init__(self):
        self.kept = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("later"):
            return "451 greylisted, come again"
        if address.startswith("nobody"):
            return "550 no such person"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        to = envelope.rcpt_tos[0]
        if to.startswith("spam"):
            return "554 we do not like these words"
        if to.startswith("full"):
            return "452 no room, come again"
        self.kept.append(message_from_bytes(envelope.original_content, policy=policy.default))
        if to.startswith("cut"):
            server.transport.abort()
        return "250 taken"


@pytest.fixture
def letterbox():
    return Letterbox()


def free_port() -> int:
    with create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.fixture
def office(letterbox):
    controller = Controller(letterbox, ready_timeout=30, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def channel_to(office, **changes):
    wanted = {"sender": "暖线 <hello@shop.example>", "tls": "none", "clock": evening}
    return Smtp(host="127.0.0.1", port=office.port, **{"timeout_s": 10.0} | wanted | changes)


def letter(**changes):
    return Letter(**{"to": "lin@home.example", "subject": "糖糖的奶粉还能喝三天"} | changes)


def test_a_letter_says_which_letters_it_answers(office, letterbox):
    channel_to(office).send(letter(thread="<1@example.com> <2@x>"))
    channel_to(office).send(letter())
    answer, first = letterbox.kept
    assert answer["References"] == "<1@example.com> <2@x>"
    assert answer["In-Reply-To"] == "<2@x>"
    assert first["References"] is None


def test_a_mail_arrives_as_it_was_written(office, letterbox):
    words = "王女士您好，\n\n糖糖的奶粉大约还能喝三天。🎉\n.一个点开头的行\n" + "奶" * 5_000
    receipt = channel_to(office).send(letter(text=words))
    (mail,) = letterbox.kept
    assert mail.get_content().replace("\r\n", "\n").rstrip("\n") == words
    assert mail["Subject"] == "糖糖的奶粉还能喝三天"
    assert mail["From"] == "暖线 <hello@shop.example>"
    assert (mail["To"], mail["Message-ID"]) == ("lin@home.example", receipt.id)
    assert mail["Date"] == "Sat, 21 Nov 2026 21:40:22 +0800"


def test_the_same_key_has_the_same_message_id_and_another_has_another(office, letterbox):
    for key in ("run-out:17", "run-out:17", "run-out:18"):
        channel_to(office).send(letter(key=key))
    first, again, other = [mail["Message-ID"] for mail in letterbox.kept]
    assert first == again != other
    assert first.endswith("@shop.example>")
    assert "run-out" not in first


def test_a_line_cut_after_the_last_dot_is_ambiguous_and_the_twin_can_be_told(office, letterbox):
    for _ in range(2):
        with pytest.raises(Retry) as retry:
            channel_to(office).send(letter(to="cut@home.example"))
        assert retry.value.ambiguous
    assert len({mail["Message-ID"] for mail in letterbox.kept}) == 1


MOODS = [
    ("nobody", Refused, Reason.RECIPIENT, "550"),
    ("later", Retry, Reason.RECIPIENT, "451"),
    ("spam", Refused, Reason.CONTENT, "554"),
    ("full", Retry, Reason.CONTENT, "452"),
]


@pytest.mark.parametrize(("who", "error", "reason", "code"), MOODS)
def test_a_no_of_the_mail_server_is_final_or_for_now(office, letterbox, who, error, reason, code):
    with pytest.raises(error) as no:
        channel_to(office).send(letter(to=f"{who}@home.example"))
    assert (no.value.reason, no.value.code) == (reason, code)
    assert not getattr(no.value, "ambiguous", False)
    assert who not in str(no.value)
    assert not letterbox.kept


def test_no_mail_server_is_not_ambiguous(office):
    channel = channel_to(office)
    channel.port = free_port()
    with pytest.raises(Retry) as retry:
        channel.send(letter())
    assert (retry.value.reason, retry.value.ambiguous) == (Reason.SILENCE, False)


@pytest.mark.parametrize(
    "to",
    ["", "lin", "lin@", "@home.example", "lin@home.example\r\nRCPT TO:<all@shop.example>",
     "lin@home.example, wu@home.example", "lin@家.example", "<lin@home.example>", "l n@home.x"],
)  # fmt: skip
def test_what_is_no_address_never_leaves(office, letterbox, to):
    with pytest.raises(Refused) as refusal:
        channel_to(office).send(letter(to=to))
    assert refusal.value.reason is Reason.RECIPIENT
    assert not letterbox.kept


def test_nobody_writes_a_header_of_their_own(office, letterbox):
    channel_to(office).send(letter(subject="今天\r\nBcc: all@shop.example", text="好\x00的"))
    (mail,) = letterbox.kept
    assert mail["Bcc"] is None
    assert mail["Subject"] == "今天 Bcc: all@shop.example"
    assert mail.get_content().strip() == "好的"


def test_a_mail_without_subject_takes_its_first_words(office, letterbox):
    channel_to(office).send(letter(subject="", text="糖糖满月啦\n恭喜"))
    assert letterbox.kept[0]["Subject"] == "糖糖满月啦 恭喜"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for this machine that nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    start = datetime.fromtimestamp(time.time(), UTC) - timedelta(hours=1)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("tls") / "both.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return file


@pytest.fixture
def server_side(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


@pytest.fixture
def trusting(certificate):
    return ssl.create_default_context(cafile=certificate)


def log_in(server, session, envelope, mechanism, login):
    right = (login.login, login.password) == (b"warm", b"line")
    return AuthResult(success=right, handled=right)


@pytest.fixture
def careful_office(letterbox, server_side):
    """STARTTLS first, then a password, then mail."""
    controller = Controller(
        letterbox,
        ready_timeout=30,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=server_side,
        require_starttls=True,
        auth_required=True,
        authenticator=log_in,
    )
    controller.start()
    yield controller
    controller.stop()


def test_a_password_travels_under_starttls(careful_office, letterbox, trusting):
    known = {"tls": "starttls", "context": trusting, "user": "warm"}
    channel_to(careful_office, password="line", **known).send(letter())
    assert len(letterbox.kept) == 1
    with pytest.raises(Retry) as retry:
        channel_to(careful_office, password="wrong", **known).send(letter())
    assert retry.value.reason is Reason.ACCESS
    assert "wrong" not in str(retry.value)


def test_a_server_nobody_vouches_for_gets_nothing(careful_office, letterbox):
    channel = channel_to(careful_office, tls="starttls", user="warm", password="line")
    with pytest.raises(Retry) as retry:
        channel.send(letter())
    assert retry.value.reason is Reason.ACCESS
    assert "certificate" in str(retry.value)
    assert not letterbox.kept


def test_asking_for_starttls_where_there_is_none_sends_nothing_in_clear(
    office, letterbox, trusting
):
    with pytest.raises(Retry) as retry:
        channel_to(office, tls="starttls", context=trusting).send(letter())
    assert retry.value.reason is Reason.ACCESS
    assert not letterbox.kept


def test_tls_from_the_first_byte(letterbox, server_side, trusting):
    controller = Controller(
        letterbox,
        ready_timeout=30,
        hostname="127.0.0.1",
        port=free_port(),
        ssl_context=server_side,
    )

    def knock():
        """The controller greets itself once it listens, and by itself would not trust itself."""
        line = create_connection((controller.hostname, controller.port), timeout=10)
        with trusting.wrap_socket(line, server_hostname="127.0.0.1") as door:
            door.recv(1)

    controller._trigger_server = knock
    controller.start()
    try:
        channel_to(controller, tls="tls", context=trusting).send(letter())
    finally:
        controller.stop()
    assert len(letterbox.kept) == 1


def test_a_sender_that_is_no_address_is_said_at_the_start(office):
    with pytest.raises(ValueError, match="WARMLINE_SMTP_FROM"):
        channel_to(office, sender="Warmline")
