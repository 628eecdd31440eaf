"""A real mail server of one's own: dovecot keeps the box, aiosmtpd takes what we send.

`bin/mailserver` sees to it that there is a dovecot; where there is none, tests are skipped and say so.
"""

import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path

import pytest

USER, PASSWORD = "desk@shop.example", "a-mailbox-of-tests"
PATIENCE_S = 20
COMMON = """
base_dir = {home}/run
state_dir = {home}/state
log_path = {home}/log
ssl = no
mail_fsync = always
first_valid_uid = 1
{users}
service anvil {{
  chroot =
}}
"""
# Two languages of settings: Debian 12 and Ubuntu 24.04 have 2.3, Debian 13 has 2.4.
CONFIG = {
    "2.3.": COMMON
    + """
protocols = imap
disable_plaintext_auth = no
mail_location = maildir:{home}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={home}/mail
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""",
    "2.4.": """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
"""
    + COMMON
    + """
protocols {{
  imap = yes
}}
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = {home}/mail
passdb static {{
  password = {password}
}}
userdb static {{
  fields {{
    uid = {uid}
    gid = {gid}
    home = {home}/mail
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    listen = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
""",
}


def dovecot() -> tuple[str, str]:
    """The server's program and its settings; without one (or with one that we cannot set up) the test
    is skipped."""
    found = shutil.which("dovecot") or shutil.which("dovecot", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("there is no dovecot on this machine: bin/mailserver installs it for root")
    said = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
    for version, config in CONFIG.items():
        if said.startswith(version):
            return found, config
    pytest.skip(
        f"these tests know how to set up {' and '.join(CONFIG)}, and this is {said.split()[0]}"
    )


class MailServer:
    """Dovecot with one mailbox, which can be filled, broken and built anew."""

    def __init__(self, home: Path, program: str, config: str) -> None:
        self.home, self.program, self.config = home, program, config
        self.port = _free_port()
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        mail = self.home / "mail"
        mail.mkdir(mode=0o700, exist_ok=True)
        account, users = _account()
        if os.geteuid() == 0:
            shutil.chown(mail, account.pw_uid, account.pw_gid)
        config = self.home / "dovecot.conf"
        config.write_text(
            self.config.format(
                home=self.home,
                users=users,
                password=PASSWORD,
                uid=account.pw_uid,
                gid=account.pw_gid,
                port=self.port,
            )
        )
        self.process = subprocess.Popen([self.program, "-F", "-c", str(config)])
        deadline = time.monotonic() + PATIENCE_S
        while True:
            with suppress(OSError, imaplib.IMAP4.error), self.box():
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"dovecot does not start: {self.said()}")
            time.sleep(0.1)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def said(self) -> str:
        log = self.home / "log"
        return log.read_text()[-2000:] if log.exists() else ""

    @contextmanager
    def box(self) -> Iterator[imaplib.IMAP4]:
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        try:
            box.login(USER, PASSWORD)
            box.select("INBOX")
            yield box
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                box.logout()

    def deliver(self, mail: EmailMessage | bytes, *, flags: str = "") -> None:
        """A letter arrives. It is safe once this returns."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        with self.box() as box:
            answer, said = box.append("INBOX", flags, "", raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))  # type: ignore[arg-type]  # fmt: skip
            assert answer == "OK", said

    def empty(self) -> None:
        with self.box() as box:
            for number in box.uid("search", "ALL")[1][0].split():
                box.uid("store", number.decode(), "+FLAGS", r"(\Deleted)")
            box.expunge()

    def unread(self) -> int:
        with self.box() as box:
            return len(box.uid("search", "UNSEEN")[1][0].split())

    def validity(self) -> int:
        with self.box() as box:
            return int(box.response("UIDVALIDITY")[1][0])

    def build_anew(self) -> None:
        """As after a move to another server: the same letters, numbered from one, none of our marks."""
        with self.box() as box:
            _ok, found = box.uid("search", "ALL")
            letters = [
                box.uid("fetch", n.decode(), "(BODY.PEEK[])")[1][0][1] for n in found[0].split()
            ]
        was = self.validity()
        self.stop()
        shutil.rmtree(self.home / "mail")
        time.sleep(1.1)  # the new number is made of seconds
        self.start()
        for raw in letters:
            self.deliver(raw)
        assert self.validity() != was

    def settings(self) -> dict[str, object]:
        """What the shop is told of it."""
        return {
            "imap_host": "127.0.0.1",
            "imap_port": self.port,
            "imap_tls": False,
            "imap_user": USER,
            "imap_password": PASSWORD,
        }


def _account() -> tuple[pwd.struct_passwd, str]:
    """Who keeps the mail: never root; whoever runs the tests, if they are not."""
    if os.geteuid() == 0:
        return pwd.getpwnam("nobody"), ""
    me = pwd.getpwuid(os.geteuid())
    users = (
        f"default_internal_user = {me.pw_name}\ndefault_login_user = {me.pw_name}\n"
        f"default_internal_group = {_group(me.pw_gid)}"
    )
    return me, users


def _group(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def mailserver() -> Iterator[MailServer]:
    program, settings = dovecot()
    home = Path(tempfile.mkdtemp(prefix="warmline-mail-"))
    home.chmod(0o755)  # root's server keeps the mail as somebody else
    server = MailServer(home, program, settings)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
