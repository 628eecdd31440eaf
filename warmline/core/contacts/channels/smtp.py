"""E-mail over the shop's own mail server. The same message always has the same Message-ID."""

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Literal

from warmline.base.clock import CHINA, now
from warmline.core.contacts.channels import Outgoing, Reason, Receipt, Refused, Retry
from warmline.core.contacts.channels.wire import is_loopback
from warmline.core.contacts.channels.words import clean, one_line

ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([A-Za-z0-9-]{1,63}\.)*[A-Za-z0-9-]{1,63}"
)
GREYLIST = timedelta(minutes=5)
MENDING = timedelta(minutes=15)


class Smtp:
    """Sends one mail per connection: a shop's mails are few, and a dead connection lies."""

    def __init__(
        self,
        *,
        host: str,
        port: int,
        sender: str,
        user: str = "",
        password: str = "",
        tls: Literal["none", "starttls", "tls"] = "starttls",
        context: ssl.SSLContext | None = None,
        clock: Callable[[], datetime] = now,
        timeout_s: float = 15.0,
    ) -> None:
        if user and tls == "none" and not is_loopback(host):
            raise ValueError("a password travels only over TLS: set WARMLINE_SMTP_TLS")
        self.host, self.port, self.tls = host, port, tls
        self.user, self.password = user, password
        self.name, self.sender = parseaddr(sender)
        if not ADDRESS.fullmatch(self.sender):
            raise ValueError("WARMLINE_SMTP_FROM is no e-mail address")
        self.context = context or ssl.create_default_context()
        self.clock, self.timeout_s = clock, timeout_s

    def send(self, message: Outgoing) -> Receipt:
        if not ADDRESS.fullmatch(message.to):
            raise Refused("this is not an e-mail address", reason=Reason.RECIPIENT)
        mail = self._mail(message)
        with self._server() as server:
            _expect(server.mail(self.sender), reason=Reason.ACCESS, after=MENDING)
            _expect(server.rcpt(message.to), reason=Reason.RECIPIENT, after=GREYLIST)
            self._hand_over(server, mail)
        return Receipt(id=str(mail["Message-ID"]))

    def message_id(self, key: str) -> str:
        """The same key gives the same id, so that a second copy is recognised as the first."""
        return f"<{hashlib.sha256(key.encode()).hexdigest()[:40]}@{self.sender.partition('@')[2]}>"

    def _mail(self, message: Outgoing) -> EmailMessage:
        mail = EmailMessage(policy=SMTP)
        mail["Message-ID"] = self.message_id(message.key)
        mail["Date"] = format_datetime(self.clock().astimezone(CHINA))
        mail["From"] = Address(display_name=one_line(self.name), addr_spec=self.sender)
        mail["To"] = Address(addr_spec=message.to)
        mail["Subject"] = one_line(message.subject) or one_line(message.text)[:40]
        if thread := one_line(str(getattr(message, "thread", ""))):
            mail["In-Reply-To"] = thread.rpartition(" ")[2]
            mail["References"] = thread
        mail["Auto-Submitted"] = "auto-generated"  # spares us the answers of holiday robots
        mail.set_content(clean(message.text), charset="utf-8", cte="base64")
        return mail

    @contextmanager
    def _server(self) -> Iterator[smtplib.SMTP]:
        try:
            server = self._connect()
        except smtplib.SMTPAuthenticationError as error:
            raise self._closed("the mail server does not accept our password", error) from None
        except smtplib.SMTPNotSupportedError as error:
            raise self._closed("the mail server does not offer what we ask for", error) from None
        except ssl.SSLCertVerificationError as error:
            raise self._closed(
                "the mail server's certificate is not to be trusted", error
            ) from None
        except (OSError, smtplib.SMTPException) as error:
            raise Retry(f"no mail server ({type(error).__name__})", reason=Reason.SILENCE) from None
        try:
            yield server
        except (OSError, smtplib.SMTPException) as error:
            raise Retry(f"cut off ({type(error).__name__})", reason=Reason.SILENCE) from None
        finally:
            _leave(server)

    def _connect(self) -> smtplib.SMTP:
        server: smtplib.SMTP
        if self.tls == "tls":
            server = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.timeout_s, context=self.context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout_s)
        try:
            if self.tls == "starttls":
                server.starttls(context=self.context)
            server.ehlo_or_helo_if_needed()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    def _hand_over(self, server: smtplib.SMTP, mail: EmailMessage) -> None:
        """After the last dot is sent, silence no longer means that nothing happened."""
        try:
            answer = server.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            answer = (error.smtp_code, b"DATA")
        except (OSError, smtplib.SMTPException) as error:
            raise Retry(
                f"cut off while handing over ({type(error).__name__})",
                reason=Reason.SILENCE,
                after=timedelta(minutes=1),
                ambiguous=True,
            ) from None
        _expect(answer, reason=Reason.CONTENT, after=GREYLIST)

    def _closed(self, detail: str, error: Exception) -> Retry:
        code = str(getattr(error, "smtp_code", ""))
        return Retry(detail, reason=Reason.ACCESS, code=code, after=MENDING)


def _expect(answer: tuple[int, bytes], *, reason: Reason, after: timedelta) -> None:
    """2xx goes on, 4xx comes again, 5xx is final. Their words may hold the address: not quoted."""
    code = answer[0]
    if 200 <= code < 300:
        return
    if code >= 500 and reason is not Reason.ACCESS:
        raise Refused(f"the mail server refused it ({code})", reason=reason, code=str(code))
    raise Retry(
        f"the mail server said not now ({code})", reason=reason, code=str(code), after=after
    )


def _leave(server: smtplib.SMTP) -> None:
    """Saying goodbye must not undo what is already accepted."""
    try:
        server.quit()
    except (OSError, smtplib.SMTPException):
        server.close()
