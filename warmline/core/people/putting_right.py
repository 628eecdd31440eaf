"""What was written down wrongly of a family is put right: a name, a number, a birthday."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.core.journal.recording import record
from warmline.core.people import joining
from warmline.core.people.models import Child, Member, Staff
from warmline.core.people.signals import MemberCorrected


@transaction.atomic
def put_member_right(
    member: Member, *, name: str, phone: str, relation: str, by: Staff | None = None
) -> bool:
    """Her name, her number, who she is; whether anything changed. All of it or nothing."""
    name, phone = _checked(member, name, phone)
    was = (member.name, member.phone, member.relation)
    if name != member.name:
        joining.rename(member, name, by=by)
    if phone != member.phone:
        joining.change_phone(member, phone, by=by)
    if relation != member.relation:
        member.relation = relation
        member.save(update_fields=["relation"])
        home = member.household
        at = {"household": home.pk, "store": home.store_id}
        record(MemberCorrected(**at, member=member.pk, what="relation"), by=by)
    return was != (member.name, member.phone, member.relation)


@transaction.atomic
def put_child_right(
    child: Child,
    *,
    name: str,
    born_on: date | None,
    due_on: date | None,
    sex: str,
    by: Staff | None = None,
) -> bool:
    """A baby's name, birthday or due date, sex; whether anything changed. What was foreseen by a
    wrong age is foreseen anew."""
    joining.check_baby(joining.Baby(born_on=born_on, due_on=due_on), store=child.household.store)
    said: dict[str, Any] = {"name": name, "born_on": born_on, "due_on": due_on, "sex": sex}
    changed = {field: value for field, value in said.items() if getattr(child, field) != value}
    if changed:
        joining.change(child, by=by, **changed)
    return bool(changed)


def _checked(member: Member, name: str, phone: str) -> tuple[str, str]:
    wrong: dict[str, ValidationError] = {}
    said = {"name": name, "phone": phone}
    for field, check in (("name", joining.check_name), ("phone", joining.check_phone)):
        try:
            said[field] = check(said[field])
        except ValidationError as error:
            wrong[field] = error
    if member.is_primary and not said["phone"]:
        wrong.setdefault("phone", ValidationError(_("A phone number is needed."), code="required"))
    if wrong:
        raise ValidationError(wrong)
    return said["name"], said["phone"]
