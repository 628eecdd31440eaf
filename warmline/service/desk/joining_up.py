"""Joining up: two cases that are one, one that is two, and cases that belong together."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from warmline.base.stateful import WrongMove
from warmline.core.people.models import Staff
from warmline.service.desk.folding import CLOCKS
from warmline.service.desk.models import Case, CaseKind
from warmline.service.desk.opening import of_split, write
from warmline.service.desk.saying import iso, said

TOLD_ABOUT = ("store", "household", "member", "from_whom", "name", "phone_bi", "phone_last4")


@transaction.atomic
def merge(kept: Case, merged: Case, *, by: Staff) -> None:
    """They are one matter: what `merged` owed, `kept` owes from now on, and what was given or is asked
    of others goes along. Both histories stay, and the page of `merged` leads to that of `kept`; so
    they must be of one family or one number."""
    kept, merged = _locked(kept, merged)
    if kept.pk == merged.pk or not _same_asker(kept, merged):
        raise ValidationError(_("Only two cases of one family are put together."))
    for case in (kept, merged):
        if case.closed_at or case.finished_at:
            raise WrongMove(case, was=case.state, to="merged")
    owed: dict[str, Any] = {name: iso(getattr(merged, name)) for name in CLOCKS}
    owed["feedback_due"] = merged.feedback_due
    merged.happen("merged", by=by, body={"into": kept.pk, "was": merged.owner_id})
    merged.remedies.update(case=kept)
    merged.feedback.update(case=kept)
    kept.happen("absorbed", by=by, is_shown=True, body={"case": merged.pk, **owed})


@transaction.atomic
def split(case: Case, *, words: str, by: Staff, kind: CaseKind | None = None) -> Case:
    """A second matter in the same words becomes a case of its own, with the same owner."""
    words = said(words)
    case.lock()
    if case.closed_at:
        raise WrongMove(case, was=case.state, to="split")
    new = write(of_split(case, kind=kind or case.kind, words=words, about=TOLD_ABOUT, by=by))
    link(case, new, by=by, how="split")
    return new


@transaction.atomic
def link(one: Case, other: Case, *, by: Staff, how: str = "similar") -> None:
    """They belong together: each shows the other."""
    one, other = _locked(one, other)
    if one.pk == other.pk:
        raise ValidationError(_("A case cannot be linked to itself."))
    one.happen("linked", by=by, body={"case": other.pk, "how": how})
    other.happen("linked", by=by, body={"case": one.pk, "how": how})


def linked(case: Case) -> "models.QuerySet[Case]":
    """The cases that belong to this one, merged ones included."""
    bodies = case.events.filter(kind__in=["linked", "absorbed"]).values_list("body", flat=True)
    return Case.objects.filter(pk__in={body["case"] for body in bodies})


def _same_asker(one: Case, other: Case) -> bool:
    if one.household_id or other.household_id:
        return one.household_id == other.household_id
    return one.phone_bi is not None and bytes(one.phone_bi) == bytes(other.phone_bi or b"")


def _locked(*cases: Case) -> list[Case]:
    """Both, locked in the order of their numbers."""
    rows = Case.objects.select_for_update(of=("self",)).select_related("store").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[c.pk for c in cases])}
    return [found[c.pk] for c in cases]
