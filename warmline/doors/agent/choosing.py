"""Choosing several cases, and to whom they shall go."""

from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from warmline.core.people.models import Staff
from warmline.service.desk import in_bulk


class BulkForm(forms.Form):
    case = forms.TypedMultipleChoiceField(coerce=int, required=False)
    act = forms.ChoiceField(choices=[("assign", ""), ("merge", "")])
    to = forms.ModelChoiceField(
        Staff.objects.none(),
        label=gettext_lazy("To whom"),
        required=False,
        empty_label=gettext_lazy("choose"),
    )

    def __init__(self, *args: Any, staff: Staff, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "bulk_%s", **kwargs})
        to = self.fields["to"]
        assert isinstance(to, forms.ModelChoiceField)
        to.queryset = takers(staff)
        if self.is_bound:
            said = self.chosen[: in_bulk.MOST + 1]
            self.fields["case"].choices = [(x, x) for x in said]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[int]:
        said = self.data.getlist("case") if isinstance(self.data, QueryDict) else []
        return [int(x[:18]) for x in said if x.isdecimal()]


def takers(staff: Staff) -> Any:
    """Who may be given several cases: the people of a manager's store, the managers of a region; for
    agents and head office each other, as a list of all guides of a chain would help nobody."""
    people = Staff.objects.at_work()
    if staff.role == Staff.Role.MANAGER and staff.store_id:
        people = people.filter(
            store=staff.store_id, role__in=[Staff.Role.GUIDE, Staff.Role.MANAGER]
        )
    elif staff.role == Staff.Role.MANAGER:
        people = people.filter(store__region=staff.region_id, role=Staff.Role.MANAGER)
    else:
        people = people.filter(role__in=[Staff.Role.AGENT, Staff.Role.HQ])
    return people.order_by("name")
