"""Finding: a case by what somebody says on the telephone: its number, a number to ring, a name."""

from warmline.base.crypto import blind
from warmline.base.sheets.cells import BadCell, parse_phone
from warmline.core.people import searching
from warmline.core.people.models import Member, Staff
from warmline.service.desk.models import Case
from warmline.service.desk.models.case import number_of

CASES_MAX = 8
MEMBERS_MAX = 40  # whose cases are looked for; initials fit many names


def find(staff: Staff, text: str) -> tuple[list[Case], list[Member]]:
    """The cases and the families that fit, as far as she may see them; the open ones first."""
    text = text.strip()[:60]
    if not text:
        return [], []
    members = searching.find(staff, text, limit=MEMBERS_MAX)
    seen = Case.objects.seen_by(staff).select_related("kind", "owner", "store")
    found: dict[int, Case] = {}
    if number := number_of(text):
        found |= {case.pk: case for case in seen.filter(pk=number)}
    if phone := _phone(text):
        of_phone = seen.filter(phone_bi=blind(phone)).order_by("-opened_at")
        found |= {case.pk: case for case in of_phone[:CASES_MAX]}
    if members:
        families = {member.household_id for member in members}
        theirs = seen.filter(household__in=families).order_by("-opened_at")
        found |= {case.pk: case for case in theirs[:CASES_MAX]}
    cases = sorted(found.values(), key=lambda case: case.closed_at is not None)
    return cases[:CASES_MAX], members[:CASES_MAX]


def _phone(text: str) -> str:
    try:
        return parse_phone(text) or "" if sum(c.isdecimal() for c in text) >= 7 else ""
    except BadCell:
        return ""
