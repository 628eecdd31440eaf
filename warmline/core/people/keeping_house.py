"""Opening stores and hiring people: what head office keeps up to date."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.clock import today
from warmline.core.journal.recording import record
from warmline.core.people import calendar, opening
from warmline.core.people.models import DayOff, Region, Staff, Store, Token
from warmline.core.people.signals import TokenGiven, TokenTakenBack
from warmline.core.people.signing_in import give_one_time_password

AT_A_STORE = (Staff.Role.GUIDE, Staff.Role.MANAGER)


@transaction.atomic
def keep_store(store: Store, **facts: Any) -> Store:
    """Open a store or change what is known of it; its coming days are laid out anew."""
    for name, value in facts.items():
        setattr(store, name, value)
    store.full_clean()
    store.hours = opening.check_week(store.hours)
    store.save()
    calendar.lay_out([store], today(), calendar.AHEAD)
    return store


@transaction.atomic
def keep_region(region: Region, *, code: str, name: str, stores: Iterable[Store]) -> Region:
    """Open a region or change it: these stores are its stores from now on, and no others."""
    region.code, region.name = code, name
    region.full_clean()
    region.save()
    ids = [store.pk for store in stores]
    Store.objects.filter(region=region).exclude(pk__in=ids).update(region=None)
    Store.objects.filter(pk__in=ids).update(region=region)
    return region


@transaction.atomic
def keep_day(day: DayOff) -> DayOff:
    """A holiday or a make-up day, of one store or the whole chain. Said again, it replaces what was
    said of that day before; the days that it concerns are laid out anew."""
    said = DayOff.objects.select_for_update(of=("self",)).filter(store=day.store, on=day.on).first()
    if said:
        day.pk, day._state.adding = said.pk, False
    day.full_clean()
    day.hours = opening.check_hours(day.hours)
    day.save()
    calendar.lay_out(_stores_of(day), day.on, 1)
    return day


@transaction.atomic
def drop_day(day: DayOff) -> None:
    """It is a day like any other after all."""
    stores, on = _stores_of(day), day.on
    day.delete()
    calendar.lay_out(stores, on, 1)


def _stores_of(day: DayOff) -> Iterable[Store]:
    return [day.store] if day.store else Store.objects.filter(is_open=True)


@transaction.atomic
def hire(staff: Staff) -> str:
    """Somebody new; her one-time password is returned this once."""
    _check_place(staff)
    staff.set_unusable_password()
    staff.full_clean(exclude=["password"])
    staff.save()
    return give_one_time_password(staff)


@transaction.atomic
def keep_staff(staff: Staff) -> Staff:
    _check_place(staff)
    staff.full_clean(exclude=["password"])
    staff.save()
    return staff


@transaction.atomic
def give_token(
    *, name: str, role: str, store: Store | None, by: Staff | None = None
) -> tuple[Token, str]:
    """A key for another system; its secret is told this once."""
    if store is None and role in AT_A_STORE:
        raise ValidationError({"store": _("A token of this role belongs to a store.")})
    token, secret = Token.issue(name=name, role=role, store=store)
    record(TokenGiven(token=token.pk, role=role, store=token.store_id), by=by)
    return token, secret


@transaction.atomic
def take_back(token: Token, *, by: Staff | None = None) -> None:
    """From its next request on it opens nothing. The second time changes nothing."""
    if token.revoked_at is None:
        token.revoke()
        record(TokenTakenBack(token=token.pk, store=token.store_id), by=by)


def _check_place(staff: Staff) -> None:
    if staff.role in AT_A_STORE and not (staff.store_id or staff.region_id):
        raise ValidationError({"store": _("A guide or a manager belongs to a store.")})
