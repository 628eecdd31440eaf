"""A note spoke of danger: whoever manages the store is told at once, besides the promise she gets."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from warmline.core.contacts.signals import RedFlagNoticed
from warmline.core.journal.listeners import on
from warmline.core.people.models import Staff
from warmline.service.desk.telling import tell_staff


@on(RedFlagNoticed)
def tell_the_manager(signal: RedFlagNoticed) -> None:
    """Without the note's words, which only the family's file shows."""
    managers = Staff.objects.filter(store=signal.store, role=Staff.Role.MANAGER, is_active=True)
    for manager in managers:
        with override(manager.language):
            text = _("A call with family %(number)s needs you at once. Open its file in Warmline.")
        text = text % {"number": signal.household}
        tell_staff(manager, text, key=f"red-flag:{signal.contact}:{manager.pk}")
