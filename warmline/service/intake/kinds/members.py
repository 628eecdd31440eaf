"""Members: families with their first adult, perhaps a baby, their store, guide and consent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from warmline.base.clock import today
from warmline.base.crypto import blind
from warmline.base.sheets.cells import (
    is_dummy_card,
    is_dummy_phone,
    parse_date,
    parse_number,
    parse_phone,
    parse_sex,
    parse_text,
)
from warmline.base.sheets.cells.dummies import DUMMY_BIRTHDAY
from warmline.core.people import searching
from warmline.core.people.joining import Baby
from warmline.core.people.models import Household, ImportantDate, Member, MemoryNote, Store
from warmline.service.intake.kinds import reasons
from warmline.service.intake.kinds.families import IN_MEMBERS, Nursery, agrees, read_baby
from warmline.service.intake.lookups import Guides, Stores
from warmline.service.intake.reading import Cells
from warmline.service.intake.running import Run

RELATION = {"male": Member.Relation.FATHER, "female": Member.Relation.MOTHER}
TIERS = (
    (Household.Tier.KEY, ("钻石", "黑金", "至尊", "svip", "key", "diamond", "platinum", "铂金")),
    (Household.Tier.GOOD, ("金", "gold", "good")),
    (Household.Tier.REGULAR, ("银", "silver", "regular")),
)
CLOSED = ("停用", "注销", "挂失", "作废", "冻结", "closed", "cancelled", "inactive")


@dataclass
class Said:
    """What one row says of a member."""

    name: str
    number: str
    phone: str
    relation: str
    store: Store | None
    baby: Baby | None
    birthday: date | None
    points: float


class Members:
    """Known by member number, else by phone with the same name."""

    def __init__(self, run: Run) -> None:
        self.run, self.stores, self.guides = run, Stores(), Guides()
        self.nursery = Nursery(run)
        self.points: dict[int, float] = {}
        self.joined: list[int] = []
        self.changed: list[int] = []
        self.moved: dict[str | bytes, set[int]] = {}  # to a number or phone that this file says
        self.by_no: dict[str, Member] = {}
        self.by_phone: dict[bytes, list[Member]] = {}

    def take(self, rows: Sequence[Cells]) -> None:
        said = [(cells, self._read(cells)) for cells in rows]
        self._learn([facts for _cells, facts in said])
        for cells, facts in said:
            if self._is_nobody(cells, facts) or not self.run.accepts(cells):
                continue
            if (found := self._known(facts)) is not None:
                self._meet_again(cells, facts, found)
            elif (first := self._first_card(facts)) is not None:
                self._second_card(cells, facts, first)
            else:
                self._join(cells, facts)
        self.nursery.forget()

    def finish(self) -> None:
        """They are found by name, pinyin, initials and number from now on."""
        if self.run.rehearses:
            return
        searching.reindex(self.joined)
        self.run.write_changes()
        searching.reindex(self.changed)

    def _read(self, cells: Cells) -> Said:
        phone = cells.read("phone", parse_phone) or ""
        number = cells.read("member_no", parse_text, most=40) or ""
        if phone and is_dummy_phone(phone):
            if not number:
                cells.blame("phone", reasons.DUMMY_PHONE)
            phone = ""
        elif not phone and not number and not cells.wrong:
            cells.blame("phone", reasons.NO_MEMBER_KEY)
        store = self._store(cells)
        name = cells.read("name", parse_text, most=60) or ""
        sex = cells.read("sex", parse_sex)
        return Said(
            name=name,
            number=number,
            phone=phone,
            relation=RELATION.get(sex or "", ""),
            store=store,
            baby=read_baby(cells, IN_MEMBERS, store=store),
            birthday=cells.read("birthday", parse_date),
            points=float(cells.read("points", parse_number) or 0),
        )

    def _store(self, cells: Cells) -> Store | None:
        text = cells.text("store").strip()
        store = self.stores.find(text) if text else self.run.file.store or self.stores.only
        if store is None:
            cells.blame("store", reasons.UNKNOWN_STORE if text else reasons.NO_STORE)
        return store

    def _is_nobody(self, cells: Cells, facts: Said) -> bool:
        if is_dummy_card(name=facts.name, birthday=facts.birthday, phone=facts.phone or None):
            self.run.skip(cells, reasons.DUMMY_CARD)
            return True
        status = cells.text("status").strip()
        if any(word in status.lower() for word in CLOSED):
            self.run.skip(cells, reasons.CARD_GONE, status=status)
            return True
        return False

    def _learn(self, said: Sequence[Said]) -> None:
        """Whom these rows may mean, in a few queries."""
        living = Member.objects.select_related("household")
        living = living.filter(household__merged_into__isnull=True).order_by("pk")
        numbers = {facts.number for facts in said if facts.number}
        indexes = {blind(facts.phone) for facts in said if facts.phone}
        moved = {pk for key in numbers | indexes for pk in self.moved.get(key, ())}
        asked = [Q(member_no__in=numbers), Q(phone_bi__in=indexes), Q(pk__in=moved)]
        known = {m.pk: m for each in asked for m in self._as_said(living.filter(each))}
        self.by_no = {m.member_no: m for m in known.values() if m.member_no in numbers}
        self.by_phone = {}
        for _pk, member in sorted(known.items()):
            if (index := bytes(member.phone_bi or b"")) in indexes:
                self.by_phone.setdefault(index, []).append(member)
        found = [*self.by_no.values(), *(m for each in self.by_phone.values() for m in each)]
        self.nursery.learn({member.household_id for member in found})

    def _as_said(self, members: Iterable[Member]) -> list[Member]:
        found = self.run.as_said(members)
        self.run.as_said(member.household for member in found)
        return found

    def _known(self, facts: Said) -> Member | None:
        """This very member: by number, or by phone and name where one of the two has no number."""
        if facts.number and (found := self.by_no.get(facts.number)):
            return found
        same = (m for m in self._same_person(facts) if not facts.number or not m.member_no)
        return next(same, None)

    def _first_card(self, facts: Said) -> Member | None:
        return next(iter(self._same_person(facts)), None)

    def _same_person(self, facts: Said) -> list[Member]:
        sharing = self.by_phone.get(blind(facts.phone), []) if facts.phone else []
        return [member for member in sharing if member.name == facts.name or not facts.name]

    def _second_card(self, cells: Cells, facts: Said, first: Member) -> None:
        """One person with two cards is one family; the card with most points is its first."""
        more = facts.points > self.points.get(first.pk, 0)
        member = self._member(facts, first.household, is_primary=more)
        if more:
            self.run.amend(first, {"is_primary": False})
        self.run.warn(cells, "member_no", reasons.SAME_PERSON, number=first.member_no)
        self.run.tell("second_cards")
        self._remember(member, facts)
        self._add_baby_and_consent(cells, facts, member)
        self.run.tell("new")

    def _join(self, cells: Cells, facts: Said) -> None:
        assert facts.store is not None
        if facts.phone and self.by_phone.get(blind(facts.phone)):
            self.run.warn(cells, "phone", reasons.SHARED_PHONE)
            self.run.tell("shared")
        guide = self._guide(cells, facts.store)
        joined = cells.read("joined_on", parse_date)
        household = Household(
            store=facts.store,
            home_guide_id=guide,
            tier=self._tier(cells) or Household.Tier.NEW,
            joined_on=joined or today(facts.store.zone),
            source="import",
        )
        self.run.make(household)
        member = self._member(facts, household, is_primary=True)
        self._remember(member, facts)
        self._add_days_and_notes(cells, facts, member)
        self._add_baby_and_consent(cells, facts, member)
        if not facts.phone:
            self.run.warn(cells, "phone", reasons.NO_PHONE)
        self.run.tell("new")

    def _meet_again(self, cells: Cells, facts: Said, member: Member) -> None:
        known: dict[str, Any] = {}
        if facts.name:
            known["name"] = facts.name
        if facts.number and not member.member_no:
            known["member_no"] = facts.number
        if facts.phone and facts.phone != member.phone:
            known |= {"phone": facts.phone, "phone_bi": blind(facts.phone)}
            known["phone_last4"] = facts.phone[-4:]
        changed = self.run.amend(member, known)
        if changed:
            self.changed.append(member.pk)
            self._move(member, known)
        family = member.household
        shared: dict[str, Any] = {}
        tier = self._tier(cells)
        if tier is not None:
            shared["tier"] = tier
        if family.home_guide_id is None and facts.store and family.store_id == facts.store.pk:
            shared["home_guide_id"] = self._guide(cells, facts.store)
        changed = (
            self.run.amend(family, {k: v for k, v in shared.items() if v is not None}) or changed
        )
        changed = self._add_baby_and_consent(cells, facts, member) or changed
        self.run.tell("changed" if changed else "same")

    def _move(self, member: Member, known: dict[str, Any]) -> None:
        """By what this file says she is found from now on, in its next rows and its next batches."""
        if number := known.get("member_no"):
            self.by_no[number] = member
            self.moved.setdefault(number, set()).add(member.pk)
        if index := known.get("phone_bi"):
            self.by_phone.setdefault(index, []).append(member)
            self.moved.setdefault(index, set()).add(member.pk)

    def _add_baby_and_consent(self, cells: Cells, facts: Said, member: Member) -> bool:
        agreed, changed = agrees(self.run, cells), False
        if agreed:
            changed = self.nursery.agree(cells, member)
        if facts.baby is not None:
            became = self.nursery.bear(cells, member, facts.baby, agreed=agreed)
            changed = became != "same" or changed
        return changed

    def _add_days_and_notes(self, cells: Cells, facts: Said, member: Member) -> None:
        if facts.birthday and facts.birthday != DUMMY_BIRTHDAY:
            day = ImportantDate(
                household_id=member.household_id,
                member=member,
                name="生日",
                month=facts.birthday.month,
                day=facts.birthday.day,
            )
            self.run.make(day)
        note = cells.read("note", parse_text, most=500)
        if note:
            kind = MemoryNote.Kind.FACT
            said = {"household_id": member.household_id, "kind": kind, "text": note}
            self.run.make(MemoryNote(by=self.run.file.by, **said))

    def _member(self, facts: Said, household: Household, *, is_primary: bool) -> Member:
        member = Member(
            household=household,
            name=facts.name or facts.number or facts.phone[-4:],
            relation=facts.relation or Member.Relation.MOTHER,
            member_no=facts.number or None,
            is_primary=is_primary,
        )
        member.set_phone(facts.phone)
        self.run.make(member)
        self.joined.append(member.pk)
        return member

    def _remember(self, member: Member, facts: Said) -> None:
        if facts.number:
            self.by_no[facts.number] = member
        if facts.phone:
            self.by_phone.setdefault(blind(facts.phone), []).append(member)
            if facts.points:
                self.points[member.pk] = facts.points

    def _guide(self, cells: Cells, store: Store) -> int | None:
        text = cells.text("guide").strip()
        found = self.guides.find(text, store=store.pk) if text else None
        if text and (found is None or found.store_id != store.pk):
            self.run.warn(cells, "guide", reasons.UNKNOWN_GUIDE)
            return None
        return found.pk if found else None

    def _tier(self, cells: Cells) -> int | None:
        text = cells.text("tier").lower()
        return next((t for t, words in TIERS if any(w in text for w in words)), None)
