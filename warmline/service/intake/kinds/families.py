"""What members' and babies' files share: babies that are told of more than once, and consent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from warmline.base.clock import now
from warmline.base.sheets.cells import parse_date, parse_feeding, parse_sex, parse_text
from warmline.core.people.consenting import VERSION
from warmline.core.people.joining import Baby, check_baby
from warmline.core.people.models import Child, Consent, Member, Store
from warmline.service.intake.kinds.reasons import NOT_KEPT, SAID_NO
from warmline.service.intake.reading import Cells
from warmline.service.intake.running import Run

SEX = {"male": Child.Sex.BOY, "female": Child.Sex.GIRL, None: Child.Sex.UNKNOWN}
SIBLINGS_APART = timedelta(days=240)  # nearer birthdays of one name are one baby's, corrected
BORN_ABOUT_DUE = timedelta(days=60)
YES = ("是", "同意", "已同意", "y", "yes", "true", "1", "agreed", "有")
CARE, RECORD = Consent.Purpose.CARE, Consent.Purpose.RECORD


@dataclass(frozen=True)
class Heads:
    """Under which heads a baby stands: a members' file says baby_name, a babies' file name."""

    name: str
    born: str
    due: str
    sex: str


IN_MEMBERS = Heads("baby_name", "baby_birth_on", "baby_due_on", "baby_sex")
IN_BABIES = Heads("name", "birth_on", "due_on", "sex")


def read_baby(cells: Cells, heads: Heads, *, store: Store | None) -> Baby | None:
    """The baby of this row, None if it tells of none."""
    baby = Baby(
        name=cells.read(heads.name, parse_text, most=40) or "",
        born_on=cells.read(heads.born, parse_date),
        due_on=cells.read(heads.due, parse_date),
        sex=SEX[cells.read(heads.sex, parse_sex)],
        feeding=cells.read("feeding", parse_feeding) or "",
    )
    if cells.wrong or not (baby.name or baby.born_on or baby.due_on):
        return None
    if store is not None:
        _check(cells, baby, heads, store=store)
    return baby


def _check(cells: Cells, baby: Baby, heads: Heads, *, store: Store) -> None:
    """Whether these days can be: on the shop's own calendar."""
    try:
        check_baby(baby, store=store)
    except ValidationError as error:
        for name, wrong in error.error_dict.items():
            column = heads.born if name == "born_on" else heads.due
            cells.blame(column, str(wrong[0].message))


def agrees(run: Run, cells: Cells) -> bool:
    """Whether the file, or whoever brought it, says that this family agreed. Unknown means no."""
    if cells.has("consent"):
        return cells.text("consent").strip().lower() in YES
    return run.file.has_consent


@dataclass
class Nursery:
    """The babies and consents of the families of some rows, and what becomes of them."""

    run: Run
    children: defaultdict[int, list[Child]] = field(
        default_factory=lambda: defaultdict[int, list[Child]](list)
    )
    said: dict[tuple[int, str, int | None], bool] = field(default_factory=dict)

    def learn(self, households: Iterable[int]) -> None:
        """What is known of these families so far."""
        fresh = [pk for pk in households if pk not in self.children]
        for pk in fresh:
            self.children[pk] = []
        for child in self.run.as_said(Child.objects.filter(household__in=fresh).order_by("pk")):
            self.children[child.household_id].append(child)
        for consent in Consent.objects.filter(household__in=fresh).order_by("pk"):
            key = (consent.household_id, consent.purpose, consent.child_id)
            self.said[key] = consent.granted

    def forget(self) -> None:
        """The next rows are other families."""
        self.children.clear()
        self.said.clear()

    def agree(self, cells: Cells, member: Member, *, child: Child | None = None) -> bool:
        """Write down that the guardian agrees, once. A family that took it back stays so."""
        household = member.household_id
        purpose = RECORD if child else CARE
        before = self.said.get((household, purpose, child.pk if child else None))
        if before is False:
            self.run.warn(cells, "", SAID_NO)
            return False
        if before is None:
            consent = Consent(
                household_id=household,
                child=child,
                purpose=purpose,
                granted=True,
                guardian=member,
                by=self.run.file.by,
                channel="import",
                text_version=VERSION,
                evidence=self.run.file.evidence or self.run.file.file_name[:200],
            )
            self.run.make(consent)
            self.said[household, purpose, child.pk if child else None] = True
            self.run.tell("consents")
        return before is None

    def bear(self, cells: Cells, member: Member, baby: Baby, *, agreed: bool) -> str:
        """This baby of this family: new, changed or same."""
        found = self._same(member.household_id, baby, agreed=agreed)
        if not agreed:
            return self._count(cells, member, found)
        if found is None:
            child = Child(household_id=member.household_id, **baby.__dict__)
            self.run.make(child)
            self.children[member.household_id].append(child)
            self.agree(cells, member, child=child)
            self.run.tell("babies")
            return "new"
        if found.frozen_at and self.said.get((member.household_id, RECORD, found.pk)) is False:
            self.run.warn(cells, "", SAID_NO)
            return "same"
        said = {name: fact for name, fact in baby.__dict__.items() if fact not in (None, "")}
        if found.frozen_at:
            said["frozen_at"] = None
        changed = self.run.amend(found, said)
        return "changed" if self.agree(cells, member, child=found) or changed else "same"

    def _count(self, cells: Cells, member: Member, found: Child | None) -> str:
        """Nobody agreed: there is a baby, and that is all that may be written down."""
        if found is not None:
            return "same"
        child = Child(household_id=member.household_id, frozen_at=now())
        self.run.make(child)
        self.children[member.household_id].append(child)
        self.run.tell("not_kept")
        self.run.warn(cells, "", NOT_KEPT)
        return "new"

    def _same(self, household: int, baby: Baby, *, agreed: bool) -> Child | None:
        known = self.children[household]
        if not agreed:
            return known[0] if known else None
        for child in known:
            if not child.frozen_at and _is(child, baby):
                return child
        return next((child for child in known if child.frozen_at), None)


def _is(child: Child, baby: Baby) -> bool:
    """The same baby told of again: perhaps born meanwhile, or with its birthday put right."""
    one_name = child.name == baby.name or not child.name or not baby.name
    if not one_name:
        return False
    if child.born_on and baby.born_on:
        apart = abs(child.born_on - baby.born_on)
        return apart == timedelta(0) or (child.name == baby.name != "" and apart < SIBLINGS_APART)
    days = [child.born_on or child.due_on, baby.born_on or baby.due_on]
    if None in days:
        return child.name == baby.name
    first, second = (day for day in days if isinstance(day, date))
    return abs(first - second) <= BORN_ABOUT_DUE
