"""django-helpdesk beside us: a ticket opened by its own form, and a page of its own list.

It is driven in process, without HTTP, which is to its advantage. It has no deadline at sundown, no gap-free
number, no promises and no read audit: what is compared is "somebody asked, and it is written down where
everybody sees it", and "show me the next fifty".
"""

from argparse import Namespace

from peers.venv import Peer


class Helpdesk(Peer):
    """A help desk with as many open tickets as ours, and as many closed ones up to a million."""

    name = "helpdesk"
    packages = ("django-helpdesk==2.6.1", "django>=5.2,<5.3", "psycopg[binary]", "setuptools<81")
    script = "helpdesk_desk.py"

    def __init__(self, owner: str, asked: Namespace) -> None:
        super().__init__(owner)
        self.asked = asked

    def filled_with(self) -> list[str]:
        return [str(self.asked.open), str(min(self.asked.closed, 1_000_000))]
