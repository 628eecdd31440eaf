"""The kinds of promises that care makes."""

from django.utils.translation import gettext_lazy as _

from warmline.core.promises.kinds import NAMES

RUN_OUT, QUIET = "care.run_out", "care.quiet"

NAMES.update(
    {
        RUN_OUT: _("Ring before it runs out"),
        "care.age_node": _("A baby's day"),
        "care.important_date": _("An important date"),
        "care.welcome": _("Welcome a new family"),
        "care.call_back": _("Ask how it went"),
        QUIET: _("Ask after a quiet family"),
    }
)
