"""What can be wrong with a row as a row, before anybody asks what its cells mean."""

from django.utils.translation import gettext_lazy as _

FAULTS = {
    "too_many_cells": _(
        "The row has more cells than there are heads: is a comma inside one of its cells?"
    ),
    "cut_off": _("The file breaks off in the middle of this row. Export it again."),
    "nul": _("The row holds zero bytes, as damaged files do. Export it again."),
    "letters": _("Some letters of the row cannot be read. Save the file as .xlsx or CSV UTF-8."),
    "cell_too_long": _("A cell of the row is longer than a cell can be. Shorten it."),
}
