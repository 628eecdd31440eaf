"""A call and everything that follows from it, in one commit: three taps on the guide's phone, or one
post of another system (a call centre's). What follows is the same, whichever door it came in by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.base.stateful import WrongMove
from warmline.core.contacts import red_flags
from warmline.core.contacts.conversations import NO_MORE_CALLS, log
from warmline.core.contacts.models import Contact, Medium, Purpose
from warmline.core.people.keeping import who_answers
from warmline.core.people.models import Household, Staff
from warmline.core.promises.kinds import CALL_BACK
from warmline.core.promises.models import Promise
from warmline.goods.catalog.models import Category
from warmline.service.care.correcting import correct
from warmline.service.care.models import Correction, RunOut

TRIES_MAX = 3
Outcome = Contact.Outcome


@dataclass(frozen=True)
class Heard:
    """A correction heard in the call: of which consumable, what, how much."""

    category: str
    kind: str
    value: float | None = None

    def is_stock_of(self, category: str) -> bool:
        return (self.category, self.kind) == (category, Correction.Kind.STOCK)


@dataclass(frozen=True)
class Next:
    """What was promised in the call: the day, by the clock or by sundown, and in what words."""

    at: datetime
    words: str = ""


@dataclass(frozen=True)
class Call:
    contact: Contact
    next_promise: Promise | None
    red_flag: str | None  # what a person must look at at once: safety, health, self_harm


@transaction.atomic
def log_call(
    *,
    key: str,
    household: Household,
    by: Staff | None,
    outcome: str,
    promise: Promise | None = None,
    note: str = "",
    medium: str = Medium.PHONE,
    purpose: str = "",
    is_inbound: bool = False,
    at: datetime | None = None,
    next_: Next | None = None,
    heard: Sequence[Heard] = (),
) -> Call:
    """Log a contact, settle its promise, learn what was heard, make the next promise. A replay with
    the same key changes nothing and answers with what was logged first."""
    # A second tap, in whichever process, waits here for the first and then finds what it wrote.
    Household.objects.select_for_update(no_key=True).get(pk=household.pk)
    if (first := Contact.objects.filter(key=key, household=household).first()) is not None:
        following = Promise.objects.filter(key=_next_key(key)).first()
        return Call(first, following, red_flags.look(first.note))
    _check(outcome, next_, at=at)
    if promise is not None and promise.household_id != household.pk:
        raise WrongMove(promise, was="owed to another family", to=Promise.Status.KEPT)
    contact = log(
        key=key,
        household=household,
        staff=by,
        outcome=outcome,
        note=note,
        medium=medium,
        purpose=purpose or (promise.purpose if promise else Purpose.CARE),
        promise_id=promise.pk if promise else None,
        child=promise.child if promise else None,
        is_inbound=is_inbound,
        at=at,
    )
    if promise is not None:
        _settle(promise, outcome=outcome, by=by, has_next=next_ is not None)
    _learn(household, promise, outcome=outcome, heard=heard, by=by)
    following = _promise_next(household, promise, next_, key=key, by=by)
    return Call(contact, following, red_flags.look(note))


def _check(outcome: str, next_: Next | None, *, at: datetime | None) -> None:
    """A call may come late, out of a phone that had no network: what it promised was then ahead, and
    is owed even if its time has passed meanwhile."""
    if outcome == Outcome.LATER and next_ is None:
        raise ValidationError(_("Say when you will call again."))
    if outcome == Outcome.REFUSED and next_ is not None:
        raise ValidationError(_("They do not want to be called: no other call can be promised."))
    if next_ is not None and next_.at <= min(at or now(), now()):
        raise ValidationError(_("The next promise must lie in the future."))


def _next_key(key: str) -> str:
    return f"next:{key}"


def _settle(promise: Promise, *, outcome: str, by: Staff | None, has_next: bool) -> None:
    """What the call did to the promise it was made for, broken or not. When nothing of it was owed
    any more (somebody was quicker), it is only a call."""
    owed = Promise.objects.filter(pk=promise.pk).owed()
    if outcome in Contact.ANSWERED:
        if owed.exists():
            promise.keep(by=by)
        return
    if not owed.update(tries=F("tries") + 1):
        return
    promise.refresh_from_db()
    if outcome == Outcome.WRONG_NUMBER:
        promise.waive(_("The number is wrong"), by=by)
    elif has_next:
        promise.waive(_("Not reached; promised for another time"), by=by)
    elif promise.tries >= TRIES_MAX:
        promise.waive(_("Not reached in three tries"), by=by)


def _learn(
    household: Household,
    promise: Promise | None,
    *,
    outcome: str,
    heard: Sequence[Heard],
    by: Staff | None,
) -> None:
    about = str(promise.why.get("category", "")) if promise else ""
    told = list(heard)
    if outcome == Outcome.WEANED:
        told.append(Heard(about or Category.Use.FORMULA, Correction.Kind.WEANED))
    elif outcome == Outcome.SWITCHED and about:
        told.append(Heard(about, Correction.Kind.SWITCHED))
    elif outcome == Outcome.BOUGHT and about and not any(h.is_stock_of(about) for h in told):
        told.append(Heard(about, Correction.Kind.STOCK, _one_pack(household, about)))
    elif outcome == Outcome.REFUSED:
        _stop_care(household, by=by)
    for one in told:
        category = Category.objects.get(code=one.category)
        correct(household, category, one.kind, value=one.value, by=by)


def _one_pack(household: Household, category: str) -> float:
    """They bought already, elsewhere: as much as one pack of what they took last."""
    row = RunOut.objects.filter(household=household, category__code=category).first()
    return row.pack if row else 0.0


def _stop_care(household: Household, *, by: Staff | None) -> None:
    """They do not want to be called (the log withdraws consent): what we still owed is waived, and
    what we broke is let off."""
    owed = Promise.objects.owed().filter(household=household, purpose__in=NO_MORE_CALLS)
    for promise in owed.order_by("pk"):
        promise.waive(_("The family does not want to be called"), by=by)


def _promise_next(
    household: Household, promise: Promise | None, next_: Next | None, *, key: str, by: Staff | None
) -> Promise | None:
    if next_ is None:
        return None
    zone = household.store.zone
    morning = datetime.combine(next_.at.astimezone(zone).date(), time(), zone)
    return Promise.make(
        CALL_BACK,
        key=_next_key(key),
        household=household,
        keeper=by or (promise and promise.keeper) or who_answers(household, next_.at),
        store=household.store,  # an agent of another place keeps it for the family's own store
        by=by,
        due_at=next_.at,
        shows_at=max(morning, now() - timedelta(seconds=1)),
        words=next_.words,
        child=promise.child if promise else None,
        purpose=promise.purpose if promise else Purpose.CARE,
        why={"promised_on": now().astimezone(zone).date().isoformat()},
        weight=3.0,  # what we said ourselves comes before what a playbook says
    )
