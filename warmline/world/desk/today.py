"""The last hours and days up to now, and who may bring something to the desk in them."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zlib import crc32

from warmline.core.people.models import Household, Staff
from warmline.service.desk import asking
from warmline.service.desk.models import Case
from warmline.service.desk.noting import note
from warmline.service.desk.receiving import Asker, receive
from warmline.world.desk.past import SPOKEN, People, known_as


@dataclass
class Today:
    """The last hours of work up to now, and the days before."""

    people: People
    now: datetime  # at night: the evening before

    def ago(self, minutes: int) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def day(self, back: int, hour: int, minute: int = 0) -> datetime:
        on = self.now.date() - timedelta(days=back)
        return datetime.combine(on, time(hour, minute), self.now.tzinfo)

    def family(self, guide: Staff, n: int = 0) -> Household:
        """One of hers who bought from her lately: she is asked first."""
        assert guide.store_id
        near = self.people.families[guide.store_id]
        return [f for f in near if f.home_guide_id == guide.pk][-1 - n]

    def staff(self, username: str) -> Staff:
        return self.people.by_name[username]

    def ask(
        self, guide: Staff, words: str, *, kind: str, channel: str = "web", n: int = 0, **rest: Any
    ) -> Case:
        """A family of this guide asks: on the store's page, or by another way."""
        family = self.family(guide, n)
        member, store = family.members.all()[0], family.store
        key = f"demo:now:{guide.username}:{channel}:{n}:{crc32(words.encode()):x}"
        if channel == "web":
            asker = Asker(name=member.name, phone=member.phone)
            return asking.ask(
                store, asker=asker, words=words, kind=kind, key=key, place="203.0.113.7"
            ).case
        if channel not in SPOKEN:
            note(channel, key, store=store)
        asker = known_as(channel, family, member)
        return receive(
            channel=channel, words=words, asker=asker, store=store, kind=kind, key=key, **rest
        ).case

    def ask_from(
        self, code: str, from_whom: str, name: str, words: str, *, channel: str, subject: str = ""
    ) -> Case:
        """Somebody who is no family: a supplier, a dealer, a colleague."""
        store, key = self.people.stores[code], f"demo:now:{from_whom}:{code}"
        if channel not in SPOKEN:
            note(channel, key, store=store)
        asker = Asker(
            name=name,
            from_whom=from_whom,
            phone="" if channel != "phone" else f"+86197{crc32(name.encode()) % 10**8:08d}",
            email=f"{from_whom}@example.com" if channel == "email" else "",
            wecom_id=f"wm-{from_whom}" if channel == "wecom" else "",
        )
        return receive(
            channel=channel, words=words, subject=subject, asker=asker, store=store,
            kind="other", key=key,
        ).case  # fmt: skip
