"""Opening stores and hiring people: what head office keeps up to date."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.clock import today
from warmline.core.people import calendar, opening
from warmline.core.people.models import DayOff, Staff, Store
from warmline.core.people.signing_in import give_one_time_password


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
def keep_day(day: DayOff) -> DayOff:
    """A holiday or a make-up day, of one store or the whole chain."""
    day.full_clean()
    day.hours = opening.check_hours(day.hours)
    day.save()
    stores = [day.store] if day.store else Store.objects.filter(is_open=True)
    calendar.lay_out(stores, day.on, 1)
    return day


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


def _check_place(staff: Staff) -> None:
    at_a_store = staff.role in (Staff.Role.GUIDE, Staff.Role.MANAGER)
    if at_a_store and not (staff.store_id or staff.region_id):
        raise ValidationError({"store": _("A guide or a manager belongs to a store.")})
