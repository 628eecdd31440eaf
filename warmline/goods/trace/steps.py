"""The steps of a journey, as somebody says them who is no logistician."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STEPS: dict[str, Any] = {
    "commissioning": _("Filled and coded"),
    "packing": _("Packed into its case"),
    "unpacking": _("Taken out of its case"),
    "loading": _("Loaded"),
    "departing": _("Departed"),
    "shipping": _("Shipped"),
    "transporting": _("On the road"),
    "arriving": _("Arrived"),
    "receiving": _("Received"),
    "accepting": pgettext_lazy("a step", "Accepted"),
    "storing": _("Stored"),
    "stocking": _("Put on the shelf"),
    "inspecting": _("Inspected"),
    "cycle_counting": _("Counted"),
    "holding": pgettext_lazy("a step", "Put aside"),
    "retail_selling": pgettext_lazy("a step", "Sold"),
    "returning": _("Sent back"),
    "destroying": pgettext_lazy("a step", "Destroyed"),
}
