"""Joining: a family comes to the shop, and grows. Four things are asked for - the adult's name and
phone, the baby's birthday or due date, a guardian's consent; the rest grows with the contacts."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now, today
from warmline.base.crypto import blind
from warmline.base.sheets.cells import BadCell, parse_phone, parse_text
from warmline.core.journal.recording import record, record_many
from warmline.core.people import consenting, searching
from warmline.core.people.models import Child, Consent, Household, Member, Staff, Store
from warmline.core.people.signals import ChildChanged, FamilyJoined, MemberAdded, MemberCorrected

CHILDHOOD = timedelta(days=18 * 366)  # born longer ago than this is a typing error
EXPECTING = timedelta(days=300)  # a due date further away than this is one too
OVERDUE = timedelta(days=60)


@dataclass(frozen=True, kw_only=True)
class Adult:
    """Mother, father, grandparent: somebody the shop may speak to."""

    name: str
    phone: str = ""
    relation: str = Member.Relation.MOTHER
    member_no: str = ""
    wecom_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Baby:
    """What is known of a baby when it is first spoken of: its birthday, or when it is due."""

    name: str = ""
    born_on: date | None = None
    due_on: date | None = None
    sex: str = ""
    feeding: str = ""
    formula_share: float | None = None


@transaction.atomic
def join(
    *,
    store: Store,
    name: str,
    phone: str,
    babies: Sequence[Baby] = (),
    consents: Collection[str] = (),
    by: Staff | None = None,
    guide: Staff | None = None,
    relation: str = Member.Relation.MOTHER,
    member_no: str = "",
    others: Sequence[Adult] = (),
    dialect: str = "",
    source: str = "store",
    channel: str = "store",
    evidence: str = "",
) -> Household:
    """A new family of this store. Who met it is its home guide; twins are two babies.

    Without consent to keep a baby's record the baby is counted, and nothing of it is written down.
    """
    first = Adult(name=name, phone=phone, relation=relation, member_no=member_no)
    adults = [_checked_adult(first, needs_phone=True), *map(_checked_adult, others)]
    for baby in babies:
        check_baby(baby, store=store)
    household = Household.objects.create(
        store=store,
        home_guide=guide or (by if by and by.role == Staff.Role.GUIDE else None),
        dialect=dialect,
        joined_on=today(store.zone),
        source=source,
    )
    members = [_put(household, adult, is_primary=n == 0) for n, adult in enumerate(adults)]
    searching.index(*members)
    how: consenting.How = {"guardian": members[0], "by": by, "evidence": evidence}
    for purpose in sorted(set(consents) - {Consent.Purpose.RECORD}):
        consenting.give(household, purpose, channel=channel, **how)
    may_record = Consent.Purpose.RECORD in consents
    children = [_put_child(household, b, may_record, channel=channel, how=how) for b in babies]
    at = {"household": household.pk, "store": store.pk}
    joined = FamilyJoined(**at, source=source, has_child=bool(children))
    added = [MemberAdded(**at, member=member.pk) for member in members]
    changed = [ChildChanged(**at, child=child.pk) for child in children]
    record_many([joined, *added, *changed], by=by)
    return household


def same_phone(e164: str) -> QuerySet[Household]:
    """The families that have this number. Two may share one (a grandmother's); the screen says so,
    and shows those of them that its user may see."""
    shared = Member.objects.filter(phone_bi=blind(e164))
    return Household.objects.filter(merged_into__isnull=True, pk__in=shared.values("household"))


@transaction.atomic
def add_member(household: Household, adult: Adult, *, by: Staff | None = None) -> Member:
    """Another adult of the family: the father, a grandmother who does the shopping."""
    member = _put(household, _checked_adult(adult), is_primary=False)
    searching.index(member)
    _announce_member(member, by=by)
    return member


@transaction.atomic
def change_phone(member: Member, phone: str, *, by: Staff | None = None) -> None:
    """She has a new number; sales that waited for it find her."""
    member.set_phone(check_phone(phone))
    member.save(update_fields=["phone", "phone_bi", "phone_last4"])
    _announce_member(member, by=by)
    _correct(member, "phone", by=by)


@transaction.atomic
def rename(member: Member, name: str, *, by: Staff | None = None) -> None:
    member.name = check_name(name)
    member.save(update_fields=["name"])
    searching.index(member)
    _correct(member, "name", by=by)


@transaction.atomic
def add_child(
    household: Household,
    baby: Baby,
    *,
    guardian: Member | None,
    has_consent: bool,
    channel: str = "store",
    evidence: str = "",
    by: Staff | None = None,
) -> Child:
    """A sibling is born or expected."""
    check_baby(baby, store=household.store)
    how: consenting.How = {"guardian": guardian, "by": by, "evidence": evidence}
    child = _put_child(household, baby, has_consent, channel=channel, how=how)
    _announce_child(child, by=by)
    return child


@transaction.atomic
def was_born(child: Child, born_on: date, *, name: str = "", by: Staff | None = None) -> None:
    """The baby that was expected is here."""
    check_baby(Baby(born_on=born_on), store=child.household.store)
    change(child, by=by, born_on=born_on, name=name or child.name)


@transaction.atomic
def change_feeding(
    child: Child, feeding: str, *, formula_share: float | None = None, by: Staff | None = None
) -> None:
    """Breast, mixed or formula; the share of formula if it is known better than that."""
    assert feeding in Child.Feeding.values
    change(child, by=by, feeding=feeding, formula_share=formula_share)


@transaction.atomic
def was_weaned(child: Child, on: date, *, by: Staff | None = None) -> None:
    """No more formula from this day."""
    change(child, by=by, weaned_on=on)


def check_phone(phone: str) -> str:
    """The number in +86… form; a ValidationError says what is wrong with it. Empty stays empty."""
    try:
        return parse_phone(phone) or ""
    except BadCell as bad:
        raise ValidationError(bad.sentence, code=bad.code) from bad


def check_name(name: str) -> str:
    try:
        said = parse_text(name, most=60)
    except BadCell as bad:
        raise ValidationError(bad.sentence, code=bad.code) from bad
    if not said:
        raise ValidationError(_("How shall we call her? A name is needed."), code="required")
    return said


def check_baby(baby: Baby, *, store: Store) -> None:
    """Whether these days can be: on the shop's own calendar."""
    here = today(store.zone)
    wrong: dict[str, ValidationError] = {}
    if baby.born_on and baby.born_on > here:
        wrong["born_on"] = ValidationError(
            _("This birthday is still to come. If the baby is on its way, give the due date."),
            code="in_the_future",
        )
    elif baby.born_on and baby.born_on < here - CHILDHOOD:
        wrong["born_on"] = ValidationError(
            _("This birthday is more than eighteen years ago. Is the year right?"), code="too_old"
        )
    elif not baby.born_on and not baby.due_on:
        wrong["born_on"] = ValidationError(
            _("When was the baby born, or when is it due?"), code="required"
        )
    if baby.due_on and not baby.born_on and not _can_be_due(baby.due_on, here):
        wrong["due_on"] = ValidationError(
            _("A due date lies within the coming ten months. Is the year right?"), code="due_date"
        )
    if wrong:
        raise ValidationError(wrong)


def _can_be_due(on: date, here: date) -> bool:
    return here - OVERDUE <= on <= here + EXPECTING


def _checked_adult(adult: Adult, *, needs_phone: bool = False) -> Adult:
    wrong: dict[str, ValidationError] = {}
    facts: dict[str, str] = {}
    for field, check in (("name", check_name), ("phone", check_phone)):
        try:
            facts[field] = check(getattr(adult, field))
        except ValidationError as error:
            wrong[field] = error
    if needs_phone and facts.get("phone") == "":
        wrong["phone"] = ValidationError(
            _("A phone number is needed, or nobody can keep a promise to her."), code="required"
        )
    if adult.member_no and Member.objects.filter(member_no=adult.member_no).exists():
        wrong["member_no"] = ValidationError(
            _("Another member has this member number."), code="unique"
        )
    if wrong:
        raise ValidationError(wrong)
    return Adult(**{**adult.__dict__, **facts})


def _put(household: Household, adult: Adult, *, is_primary: bool) -> Member:
    member = Member(
        household=household,
        name=adult.name,
        relation=adult.relation,
        member_no=adult.member_no or None,
        wecom_id=adult.wecom_id,
        is_primary=is_primary,
    )
    member.set_phone(adult.phone)
    member.save()
    return member


def _put_child(
    household: Household, baby: Baby, may_record: bool, *, channel: str, how: consenting.How
) -> Child:
    if not may_record:
        return Child.objects.create(household=household, frozen_at=now())
    child = Child.objects.create(household=household, **baby.__dict__)
    consenting.give(household, Consent.Purpose.RECORD, child=child, channel=channel, **how)
    return child


def change(child: Child, *, by: Staff | None, **facts: Any) -> None:
    """What we know of a baby is different now: its run-outs are foreseen anew."""
    if child.frozen_at:
        raise ValidationError(_("The guardian has not agreed that we keep this baby's record."))
    for field, value in facts.items():
        setattr(child, field, value)
    child.save(update_fields=list(facts))
    _announce_child(child, by=by)


def _correct(member: Member, what: str, *, by: Staff | None) -> None:
    home = member.household
    at = {"household": home.pk, "store": home.store_id}
    record(MemberCorrected(**at, member=member.pk, what=what), by=by)


def _announce_member(member: Member, *, by: Staff | None) -> None:
    home = member.household
    record(MemberAdded(household=home.pk, store=home.store_id, member=member.pk), by=by)


def _announce_child(child: Child, *, by: Staff | None) -> None:
    home = child.household
    record(ChildChanged(household=home.pk, store=home.store_id, child=child.pk), by=by)
