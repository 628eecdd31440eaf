"""django-oscar beside us: its own `place_order` with three lines and stock allocation.

It is driven in process, without HTTP, which is to its advantage. It does more than receive a sale
(taxes, offers, stock, notifications) and keeps none of our rows: what is compared is "three lines are
bought by a known customer and written down".
"""

from measure import Sample

from peers.venv import Peer


class Shop(Peer):
    """A small oscar shop, installed, filled and ready to sell."""

    name = "oscar"
    packages = ("django-oscar==4.2.1", "django>=5.2,<5.3", "psycopg[binary]", "setuptools<81")
    script = "oscar_shop.py"

    def sell(self, seconds: float) -> Sample:
        return self.take(seconds, "sell")
