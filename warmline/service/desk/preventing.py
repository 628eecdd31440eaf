"""Preventing: somebody promises to change something so that a cause goes away, and by when. On a day
that is named at once its effect is looked at: did the cases of that cause become fewer?"""

from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from warmline.base.clock import now, today
from warmline.core.journal.recording import record
from warmline.core.people.models import Staff
from warmline.core.playbooks.rounds import nightly
from warmline.service.desk.models import Case, Cause, Prevention
from warmline.service.desk.owning import SUPERVISORS, at_work
from warmline.service.desk.saying import said
from warmline.service.desk.signals import PreventionChecked, PreventionLate, PreventionPromised

Status = Prevention.Status
WORDS_MAX = 500
AHEAD_MAX = 366  # days


@transaction.atomic
def prevent(
    cause: Cause | None,
    *,
    words: str,
    owner: Staff,
    due_on: date,
    check_on: date,
    by: Staff,
    case: Case | None = None,
) -> Prevention:
    """Somebody promises to do something against a cause, and when its effect is looked at."""
    words = said(words)[:WORDS_MAX]
    if cause is None:
        raise ValidationError(_("Say first why it came to this."))
    if due_on < today():
        raise ValidationError({"due_on": _("A day to come.")})
    if check_on <= due_on:
        raise ValidationError({"check_on": _("Its effect is looked at after it is done.")})
    if (check_on - today()).days > AHEAD_MAX:
        raise ValidationError({"check_on": _("That is too far away: within a year.")})
    if not at_work(owner) or owner.role == Staff.Role.AUDITOR:
        raise ValidationError({"owner": _("She is not at work.")})
    made = Prevention.objects.create(
        cause=cause,
        case=case,
        words=words,
        owner=owner,
        made_by=by,
        due_on=due_on,
        check_on=check_on,
    )
    if case is not None:
        body = {
            "prevention": made.pk,
            "cause": cause.code,
            "to": owner.pk,
            "on": due_on.isoformat(),
        }
        case.happen("prevention", by=by, words=words, body=body)
    record(PreventionPromised(prevention=made.pk, owner=owner.pk), by=by)
    return made


@transaction.atomic
def done(prevention: Prevention, *, words: str, by: Staff) -> None:
    """It is changed, and in which way; from now on its cases are counted."""
    words = said(words)[:WORDS_MAX]
    if by.pk != prevention.owner_id and by.role not in SUPERVISORS:
        raise ValidationError(_("Whoever promised it says that it is done, or a supervisor."))
    with prevention.move(Status.DONE):
        prevention.done_at, prevention.done_words = now(), words


@transaction.atomic
def check_effect(prevention: Prevention) -> None:
    """Did it help? As many days before it was done are held against the days since then."""
    if prevention.done_at is None or today() < prevention.check_on:
        raise ValidationError(_("It is too early to say."))
    before, after = counts(prevention)
    with prevention.move(Status.EFFECTIVE if after < before else Status.WITHOUT_EFFECT):
        prevention.before, prevention.after, prevention.checked_at = before, after, now()
    checked = PreventionChecked(prevention=prevention.pk, before=before, after=after)
    record(checked)


def counts(prevention: Prevention) -> tuple[int, int]:
    """Cases of its cause: as long before it was done, and since."""
    if prevention.before is not None and prevention.after is not None:
        return prevention.before, prevention.after
    since = prevention.done_at
    if since is None:
        return 0, 0
    cases = Case.objects.filter(
        Q(cause=prevention.cause_id) | Q(cause__parent=prevention.cause_id),
        merged_into__isnull=True,
    )
    long = now() - since
    before = cases.filter(opened_at__gte=since - long, opened_at__lt=since).count()
    return before, cases.filter(opened_at__gte=since).count()


def owed() -> QuerySet[Prevention]:
    """What is still to be done or looked at, the soonest first."""
    open_ = Prevention.objects.filter(status__in=[Status.PROMISED, Status.DONE])
    return open_.select_related("cause__parent", "owner", "case").order_by(F("due_on"), "pk")


def looked_at() -> QuerySet[Prevention]:
    """What was looked at, the latest first."""
    seen = Prevention.objects.filter(checked_at__isnull=False)
    return seen.select_related("cause__parent", "owner", "case").order_by("-checked_at")


@dataclass(frozen=True)
class LookedAfter:
    """A night's look at what was promised against causes."""

    checked: int
    late: int


@nightly("desk_preventions")
def look_after() -> LookedAfter:
    """Effects whose day has come are counted; who is late with what she promised is reminded, once
    a day. Safe to do twice."""
    ripe = Prevention.objects.filter(status=Status.DONE, check_on__lte=today())
    late = Prevention.objects.filter(status=Status.PROMISED, due_on__lt=today())
    late = late.filter(Q(reminded_on__isnull=True) | Q(reminded_on__lt=today()))
    return LookedAfter(sum(map(_check, ripe)), sum(map(_remind, late)))


def _check(prevention: Prevention) -> bool:
    check_effect(prevention)
    return True


@transaction.atomic
def _remind(prevention: Prevention) -> bool:
    Prevention.objects.filter(pk=prevention.pk).update(reminded_on=today())
    record(PreventionLate(prevention=prevention.pk, owner=prevention.owner_id))
    return True
