"""Babies: each of a member we know."""

from collections.abc import Iterator, Sequence

from warmline.base.crypto import blind
from warmline.base.sheets.cells import is_dummy_phone, parse_phone, parse_text
from warmline.core.people.models import Member
from warmline.service.intake.kinds.families import IN_BABIES, Nursery, agrees, read_baby
from warmline.service.intake.kinds.reasons import NO_MEMBER_KEY, UNKNOWN_MEMBER, WHOSE_PHONE
from warmline.service.intake.reading import Cells
from warmline.service.intake.running import Run


class Babies:
    def __init__(self, run: Run) -> None:
        self.run, self.nursery = run, Nursery(run)

    def take(self, rows: Sequence[Cells]) -> None:
        known = Parents(rows)
        self.nursery.learn(member.household_id for member in known)
        for cells in rows:
            member = known.of(cells)
            store = member.household.store if member else None
            baby = read_baby(cells, IN_BABIES, store=store)
            if not self.run.accepts(cells) or member is None or baby is None:
                continue
            agreed = agrees(self.run, cells)
            if agreed:
                self.nursery.agree(cells, member)
            self.run.tell(self.nursery.bear(cells, member, baby, agreed=agreed))
        self.nursery.forget()

    def finish(self) -> None:
        pass


class Parents:
    """The members these rows speak of, in two queries."""

    def __init__(self, rows: Sequence[Cells]) -> None:
        self.numbers = {cells.no: cells.read("member_no", parse_text, most=40) for cells in rows}
        self.phones = {cells.no: _phone(cells) for cells in rows}
        living = Member.objects.select_related("household__store")
        living = living.filter(household__merged_into__isnull=True).order_by("pk")
        by_no = living.filter(member_no__in={no for no in self.numbers.values() if no})
        self.by_no = {member.member_no: member for member in by_no}
        self.by_phone: dict[bytes, list[Member]] = {}
        for member in living.filter(phone_bi__in={bi for bi in self.phones.values() if bi}):
            self.by_phone.setdefault(bytes(member.phone_bi or b""), []).append(member)

    def __iter__(self) -> Iterator[Member]:
        yield from self.by_no.values()
        for found in self.by_phone.values():
            yield from found

    def of(self, cells: Cells) -> Member | None:
        number, index = self.numbers[cells.no], self.phones[cells.no]
        if number and (found := self.by_no.get(number)):
            return found
        found_by_phone = self.by_phone.get(index, []) if index else []
        name = cells.text("member_name").strip()
        if len({member.household_id for member in found_by_phone}) > 1:
            found_by_phone = [member for member in found_by_phone if member.name == name]
            if len({member.household_id for member in found_by_phone}) != 1:
                cells.blame("phone", WHOSE_PHONE)
                return None
        if found_by_phone:
            return found_by_phone[0]
        if not cells.wrong:
            column = "member_no" if number else "phone"
            cells.blame(column, UNKNOWN_MEMBER if number or index else NO_MEMBER_KEY)
        return None


def _phone(cells: Cells) -> bytes | None:
    phone = cells.read("phone", parse_phone)
    return blind(phone) if phone and not is_dummy_phone(phone) else None
