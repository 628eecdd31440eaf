"""Tins go home with a family over the counter: read one by one, or a whole case at once.

What may be sold is theirs from now on; what may not is set aside with its reason, and the rest goes
home all the same. The same list sent again (a telephone that was offline) gives nothing twice. Of a
list that waited in the phone all is at home already: what should not be there is said.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from warmline.core.people.models import Household, Staff, Store
from warmline.goods.trace import journeys, knowing
from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.scanning import Aside, Tally
from warmline.goods.trace.selling import CannotSell, is_past, sell
from warmline.goods.trace.spelling import spelt
from warmline.goods.trace.verdicts import Verdict, Word, verdict

GIVEN_MAX = 200
CASE_MAX = 48  # nobody takes a pallet home


def give(
    codes: Sequence[str],
    *,
    household: Household,
    store: Store,
    at: datetime | None = None,
    by: Staff | None = None,
) -> Tally:
    """Each tin that may be sold is the family's; the tally says which were not, and why."""
    if not 0 < len(codes) <= GIVEN_MAX:
        raise ValidationError(_("One to %(most)s codes at a time.") % {"most": GIVEN_MAX})
    tally = Tally()
    for code, uri, unit in _tins(codes, tally):
        late = verdict(unit) if is_past(at) else None
        try:
            sell(unit, store=store, household=household, at=at, by=by)
        except CannotSell as refused:
            if _has_it(refused.verdict, household):
                tally.repeated += 1
            else:
                tally.aside.append(Aside(code, refused.sentence))
        else:
            tally.taken.append(uri)
            tally.tins += 1
            if late and not late.may_be_sold:
                tally.warned.append(Aside(code, late.sentence))
    return tally


def _has_it(why: Verdict, household: Household) -> bool:
    return (
        why.word == Word.SOLD and why.owner is not None and why.owner.household_id == household.pk
    )


def _tins(codes: Sequence[str], tally: Tally) -> Iterator[tuple[str, str, int]]:
    """Every tin that was read, cases opened, with the code by which it was read."""
    seen: set[str] = set()
    for code in codes:
        said = code[:80]
        try:
            key = parse(spelt(code).uri)
        except BadKey:
            tally.aside.append(Aside(said, _("This is no code.")))
            continue
        if not key.is_instance:
            why = _("This is the code of a kind of goods, not of one thing.")
            tally.aside.append(Aside(said, why))
            continue
        unit = knowing.find([key]).get(key.uri)
        tins = {} if unit is None else tins_of(unit)
        if not tins:
            tally.aside.append(Aside(said, Verdict(Word.UNKNOWN).sentence))
        elif len(tins) > CASE_MAX:
            tally.aside.append(Aside(said, _("That is more than a family takes home.")))
        elif seen.issuperset(tins.values()):
            tally.aside.append(Aside(said, _("It was read already.")))
        else:
            for one, uri in tins.items():
                if uri not in seen:
                    seen.add(uri)
                    yield said, uri, one


def tins_of(unit: int) -> dict[int, str]:
    """The tin itself, or all the tins in a case or pallet, with their names."""
    names = knowing.names(journeys.inside(unit))
    return {one: uri for one, uri in names.items() if parse(uri).kind == "sgtin"}
