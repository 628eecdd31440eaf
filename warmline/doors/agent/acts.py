"""The acts on a case: what each is called, its key, what it asks for, when it can be done, and which
verb does it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.doors.agent import finding_forms, forms
from warmline.doors.agent.sounds import sounds
from warmline.service.desk import (
    answering,
    classifying,
    deciding,
    feeding_back,
    freezing,
    joining_up,
    owning,
    preventing,
    reviewing,
)
from warmline.service.desk.models import Case

Said = dict[str, Any]


@dataclass(frozen=True)
class Act:
    name: str  # its noun in the address
    words: Any
    key: str  # the single key
    icon: str
    form: type[forms.ActForm]
    may: Callable[[Case, Staff], bool]
    do: Callable[[Case, Staff, Said], Any]

    @property
    def is_one_tap(self) -> bool:
        return self.form is forms.NoForm

    @property
    def keys(self) -> str:
        """Other ways to type its name in the palette: its letters in pinyin, its key."""
        return f"{sounds(self.words)} {self.name}"


def _is_open(case: Case, staff: Staff) -> bool:
    return case.closed_at is None


def _may_take(case: Case, staff: Staff) -> bool:
    if case.closed_at or case.owner_id == staff.pk:
        return False
    owner = case.owner
    away = owner is not None and owner.away_until is not None and owner.away_until > now()
    return owner is None or not owner.is_active or away


def _may_offer(case: Case, staff: Staff) -> bool:
    return not case.closed_at and (case.owner_id == staff.pk or staff.role in owning.SUPERVISORS)


def _is_offered(case: Case, staff: Staff) -> bool:
    return case.offered_to_id == staff.pk


def _may_decline(case: Case, staff: Staff) -> bool:
    return case.offered_to_id is not None and (
        staff.pk in (case.offered_to_id, case.owner_id) or staff.role in owning.SUPERVISORS
    )


def _may_answer(case: Case, staff: Staff) -> bool:
    return not case.merged_into_id and (case.answer_by is not None or case.finished_at is None)


def _may_finish(case: Case, staff: Staff) -> bool:
    return not case.merged_into_id and case.finished_at is None


def _may_review(case: Case, staff: Staff) -> bool:
    done = case.finished_at is not None and case.reviewed_at is None
    return done and reviewing.may_review(case, staff)


def _may_dismiss(case: Case, staff: Staff) -> bool:
    open_ = not (case.closed_at or case.fed_back_at or case.feedback_due)
    return open_ and not case.kind.needs_department


def _may_prevent(case: Case, staff: Staff) -> bool:
    return case.cause_id is not None and not case.merged_into_id


def _may_freeze(case: Case, staff: Staff) -> bool:
    known = case.product_id is not None and bool(case.lot)
    return known and not case.merged_into_id and not freezing.is_settled(case)


ACTS = [
    Act(
        "acceptance", pgettext_lazy("act on a case", "Accept"), "y", "check", forms.NoForm, _is_offered,
        lambda case, by, said: owning.accept(case, by=by),
    ),
    Act(
        "ownership", pgettext_lazy("act on a case", "Take it"), "t", "user-plus", forms.NoForm, _may_take,
        lambda case, by, said: owning.take(case, by=by),
    ),
    Act(
        "answer", pgettext_lazy("act on a case", "Answer"), "a", "message-circle", forms.AnswerForm, _may_answer,
        lambda case, by, said: answering.answer(case, by=by, **said),
    ),
    Act(
        "resumption", pgettext_lazy("act on a case", "Go on"), "u", "refresh-cw", forms.WordsForm,
        lambda case, staff: case.paused_at is not None and not case.finished_at,
        lambda case, by, said: answering.resume(case, by=by, **said),
    ),
    Act(
        "end", pgettext_lazy("act on a case", "Finish"), "f", "flag", forms.FinishForm, _may_finish,
        lambda case, by, said: answering.finish(case, by=by, **said),
    ),
    Act(
        "waiting", pgettext_lazy("act on a case", "Wait for the family"), "w", "hourglass", forms.WaitForm,
        lambda case, staff: _may_finish(case, staff) and case.answer_by is None,
        lambda case, by, said: answering.wait(case, by=by, **said),
    ),
    Act(
        "remedy", pgettext_lazy("act on a case", "Give something"), "g", "gift", finding_forms.RemedyForm, _is_open,
        lambda case, by, said: deciding.give(case, by=by, **said),
    ),
    Act(
        "classification", pgettext_lazy("act on a case", "Why it came to this"), "c", "tag", finding_forms.ClassifyForm,
        lambda case, staff: not case.merged_into_id,
        lambda case, by, said: classifying.classify(case, by=by, **said),
    ),
    Act(
        "prevention", pgettext_lazy("act on a case", "So that it does not happen again"), "p", "shield-check",
        finding_forms.PreventionForm, _may_prevent,
        lambda case, by, said: preventing.prevent(case.cause, case=case, by=by, **said),
    ),
    Act(
        "freeze", pgettext_lazy("act on a case", "Propose to stop the sale of this lot"), "h", "ban",
        finding_forms.FreezeForm,
        _may_freeze,
        lambda case, by, said: freezing.propose(case, by=by, **said),
    ),
    Act(
        "review", pgettext_lazy("act on a case", "Review"), "r", "eye", forms.ReviewForm, _may_review,
        lambda case, by, said: reviewing.review(case, by=by, **said),
    ),
    Act(
        "finding", pgettext_lazy("act on a case", "Feed back to a department"), "b", "megaphone", forms.FindingForm,
        _is_open,
        lambda case, by, said: feeding_back.feed_back(
            case, said["department"], finding=said["finding"], due_at=said["due_at"], by=by
        ),
    ),
    Act(
        "no-finding", pgettext_lazy("act on a case", "Nothing to feed back"), "d", "check", forms.BecauseForm,
        _may_dismiss,
        lambda case, by, said: feeding_back.nothing_to_feed_back(case, by=by, **said),
    ),
    Act(
        "no-reply", pgettext_lazy("act on a case", "No reply needed"), "z", "check", forms.BecauseForm,
        lambda case, staff: case.answer_by is not None,
        lambda case, by, said: answering.no_reply_needed(case, by=by, **said),
    ),
    Act(
        "offer", pgettext_lazy("act on a case", "Hand over"), "o", "handshake", forms.OfferForm, _may_offer,
        lambda case, by, said: owning.offer(case, by=by, **said),
    ),
    Act(
        "refusal", pgettext_lazy("act on a case", "Decline the hand-over"), "x", "x", forms.WordsForm, _may_decline,
        lambda case, by, said: owning.decline(case, by=by, **said),
    ),
    Act(
        "reopening", pgettext_lazy("act on a case", "Open again"), "e", "rotate-ccw", forms.ReopenForm,
        lambda case, staff: case.finished_at is not None and not case.merged_into_id,
        lambda case, by, said: reviewing.reopen(case, by=by, **said),
    ),
    Act(
        "merger", pgettext_lazy("act on a case", "Take in another case"), "m", "layers", forms.OtherForm, _may_finish,
        lambda case, by, said: joining_up.merge(case, said["code"], by=by),
    ),
    Act(
        "split", pgettext_lazy("act on a case", "Split off a second matter"), "s", "split", forms.SplitForm, _is_open,
        lambda case, by, said: joining_up.split(case, by=by, **said),
    ),
    Act(
        "link", pgettext_lazy("act on a case", "Link with another case"), "l", "link", forms.OtherForm,
        lambda case, staff: not case.merged_into_id,
        lambda case, by, said: joining_up.link(case, said["code"], by=by),
    ),
]  # fmt: skip
BY_NAME = {act.name: act for act in ACTS}
FIRST = {
    Case.State.OPEN: ("acceptance", "answer"),
    Case.State.WORKING: ("acceptance", "answer"),
    Case.State.WAITING: ("acceptance", "resumption"),
    Case.State.REVIEW: ("review",),
    Case.State.FEEDBACK: ("finding",),
}


def possible(case: Case, staff: Staff) -> list[Act]:
    """What this colleague can do with the case as it stands; an auditor can do nothing."""
    if staff.role == Staff.Role.AUDITOR:
        return []
    return [act for act in ACTS if act.may(case, staff)]


def first(case: Case, acts: list[Act]) -> str:
    """What is to be done now: its form stands open."""
    names = {act.name for act in acts}
    wanted = FIRST.get(Case.State(case.state), ())
    return next((name for name in wanted if name in names), "")
