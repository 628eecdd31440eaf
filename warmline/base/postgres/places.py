"""Where the database lives on disk, and who may come near."""

import os
import secrets
import stat
import tempfile
from pathlib import Path

from warmline.base.postgres.account import Account
from warmline.base.trouble import Trouble
from warmline.base.words import gettext as _

SHARED_STATE = Path("/var/lib/warmline")
SOCKET_PATH_MAX = 100  # bytes; the kernel's limit is 107
SOCKET_NAME = ".s.PGSQL.5432"


def make_home(root: Path) -> Path:
    """The cluster's own directory, closed to everyone else. Returns where it really is."""
    root = Path(os.path.abspath(root))
    _make_parents(root)
    try:
        root.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        if os.geteuid() == 0 and not Account.keeping(root).can_enter(root.parent):
            root.rmdir()
            _move_house(root)
    home = root.resolve()
    _close(home)
    return home


def _make_parents(root: Path) -> None:
    try:
        root.parent.mkdir(parents=True, exist_ok=True)
        if not os.path.lexists(root) and not os.access(root.parent, os.W_OK | os.X_OK):
            raise PermissionError(root.parent)
    except OSError as error:
        raise Trouble(
            _("The data directory %(path)s cannot be written.") % {"path": root.parent},
            mend=_("Choose another with --data, or make it yours with chown."),
        ) from error


def _move_house(root: Path) -> None:
    """Root's own home is closed to the account that runs the database, and stays closed.

    So the files go to /var/lib/warmline under a fresh name, and `root` becomes a link to them.
    """
    try:
        SHARED_STATE.mkdir(mode=0o755, parents=True, exist_ok=True)
        elsewhere = SHARED_STATE / f"{root.parent.name}-{secrets.token_hex(4)}"
        elsewhere.mkdir(mode=0o700)
    except OSError as error:
        raise _closed_to_the_server(root) from error
    if not Account.keeping(elsewhere).can_enter(SHARED_STATE):
        elsewhere.rmdir()
        raise _closed_to_the_server(root)
    try:
        root.symlink_to(elsewhere)
    except FileExistsError:  # another start of the same database was quicker
        elsewhere.rmdir()


def _closed_to_the_server(root: Path) -> Trouble:
    return Trouble(
        _("PostgreSQL does not run as root, and the account it would run as cannot enter %(path)s.")
        % {"path": root.parent},
        mend=_("Choose a directory that others may enter, such as --data /srv/warmline."),
    )


def _close(home: Path) -> None:
    """0700 and ours; as root: root's, and only the server's group may pass through."""
    try:
        directory = os.open(home, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except PermissionError as error:
        raise _somebody_elses(home) from error
    try:
        owner = os.fstat(directory).st_uid
        if os.geteuid() not in (0, owner):
            raise _somebody_elses(home)
        if owner == 0 == os.geteuid():
            os.fchown(directory, 0, Account.keeping(home).gid)
            os.fchmod(directory, 0o710)
        else:
            os.fchmod(directory, 0o700)
    finally:
        os.close(directory)


def _somebody_elses(home: Path) -> Trouble:
    return Trouble(
        _("The database in %(path)s belongs to another user.") % {"path": home},
        mend=_("Run as that user, or choose another directory with --data."),
    )


def open_file(path: Path, flags: int, *, mode: int = 0o600) -> int:
    """Open without following links: the server's account must not lead root astray."""
    descriptor = os.open(path, flags | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    if os.geteuid() == 0 and os.fstat(descriptor).st_uid == 0:  # root at work in a user's home
        os.fchown(descriptor, path.parent.stat().st_uid, -1)
    return descriptor


def make_directory(path: Path, account: Account) -> None:
    """A fresh directory that belongs to the account that runs the database."""
    path.mkdir(mode=0o700)
    if os.geteuid() != account.uid:
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def socket_directory(home: Path) -> Path | None:
    """Where the server listens: in its home, or, if that name is too long, where `socket` says."""
    inside = home / "s"
    if _fits(inside):
        return inside
    try:
        return Path((home / "socket").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def make_socket_directory(home: Path, account: Account) -> Path:
    """A directory only the server's account can open. Call it with the lock held."""
    place = socket_directory(home)
    if place is not None and _is_private(place, account):
        for left_over in place.iterdir():
            left_over.unlink()
        return place
    if place is None or place.parent != home:
        place = _short_place(home, account)
    elif os.path.lexists(place):  # the whole home was copied by somebody else: make it anew
        place.rename(home / f"s-{secrets.token_hex(4)}")
    make_directory(place, account)
    return place


def _short_place(home: Path, account: Account) -> Path:
    """A name nobody can guess, so that nobody can sit on it before us."""
    runtime = (
        Path("/run") if os.geteuid() == 0 else Path(os.environ.get("XDG_RUNTIME_DIR", "/none"))
    )
    for base in (runtime, Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108
        place = base / f"warmline-{secrets.token_hex(8)}"
        if os.access(base, os.W_OK | os.X_OK) and _fits(place) and account.can_enter(base):
            file = open_file(home / "socket", os.O_WRONLY | os.O_TRUNC)
            with os.fdopen(file, "w", encoding="utf-8") as record:
                record.write(str(place))
            return place
    raise Trouble(
        _("There is no place for the database's socket: %(path)s is too long a name.")
        % {"path": home / "s"},
        mend=_("Choose a shorter --data directory."),
    )


def _fits(place: Path) -> bool:
    """Short enough for a socket, and nothing in it that libpq reads as a list of hosts."""
    name = os.fsencode(place / SOCKET_NAME)
    return len(name) <= SOCKET_PATH_MAX and b"," not in name and b'"' not in name


def _is_private(place: Path, account: Account) -> bool:
    try:
        found = place.lstat()
    except FileNotFoundError:
        return False
    closed = stat.S_IMODE(found.st_mode) == 0o700
    return stat.S_ISDIR(found.st_mode) and found.st_uid == account.uid and closed
