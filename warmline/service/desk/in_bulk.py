"""In bulk: a supervisor deals with several cases at once. Each is a move of its own, so that one that
cannot be does not undo the others; and no more at once than somebody can look at."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from warmline.base.stateful import WrongMove
from warmline.core.people.models import Staff
from warmline.service.desk import joining_up, owning
from warmline.service.desk.models import Case

MOST = 50


@dataclass
class Done:
    """What was done, and what could not be and why."""

    done: list[Case] = field(default_factory=list)
    not_done: list[tuple[Case, Any]] = field(default_factory=list)


def assign(cases: Sequence[Case], *, to: Staff, by: Staff) -> Done:
    """What nobody has is hers from now on; what somebody has is offered to her (S64)."""
    _check(cases, by=by)
    if not owning.at_work(to) or to.role == Staff.Role.AUDITOR:
        raise ValidationError({"to": _("She is not at work.")})

    def give(case: Case) -> None:
        if case.closed_at:
            raise WrongMove(case, was=case.state, to="assigned")
        if case.owner_id is None:
            owning.route(case, owner=to, because="assigned", by=by)
        elif case.owner_id != to.pk:
            owning.offer(case, to=to, by=by)

    return _each(cases, give)


def merge(cases: Sequence[Case], *, by: Staff) -> Done:
    """All of them go on in the oldest one."""
    _check(cases, by=by)
    if len(cases) < 2:
        raise ValidationError(_("Choose at least two cases."))
    kept, *others = sorted(cases, key=lambda case: (case.opened_at, case.pk))
    return _each(others, lambda case: joining_up.merge(kept, case, by=by))


def _each(cases: Sequence[Case], act: Callable[[Case], object]) -> Done:
    """One after the other: what cannot be done is said and holds up none of the others."""
    result = Done()
    for case in cases:
        try:
            act(case)
            result.done.append(case)
        except WrongMove:
            result.not_done.append((case, _("It changed meanwhile.")))
        except ValidationError as error:
            result.not_done.append((case, " ".join(error.messages)))
    return result


def _check(cases: Sequence[Case], *, by: Staff) -> None:
    if by.role not in owning.SUPERVISORS:
        raise ValidationError(_("Only a supervisor deals with several cases at once."))
    if not cases:
        raise ValidationError(_("Choose the cases first."))
    if len(cases) > MOST:
        raise ValidationError(_("At most %(n)d cases at once.") % {"n": MOST})
