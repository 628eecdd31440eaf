"""Views: the filters that somebody uses every day, kept under her own name for them."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from warmline.core.people.models import Staff
from warmline.service.desk.models import SavedView

MOST = 12  # of one person


def views_of(staff: Staff) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(staff=staff).order_by("pk")


@transaction.atomic
def keep_view(staff: Staff, *, name: str, query: str) -> SavedView:
    """Keep these filters under this name; the same name again replaces them."""
    name = " ".join(name.split())[:30]
    if not name:
        raise ValidationError({"name": _("Give it a name.")})
    Staff.objects.select_for_update(of=("self",)).get(pk=staff.pk)
    if not views_of(staff).filter(name=name).exists() and views_of(staff).count() >= MOST:
        raise ValidationError({"name": _("That is enough: drop a view you do not use.")})
    view, _new = SavedView.objects.update_or_create(
        staff=staff, name=name, defaults={"query": query[:300]}
    )
    return view


def drop_view(view: SavedView) -> None:
    view.delete()
