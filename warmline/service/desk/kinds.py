"""The kinds of promises that the desk makes: they stand in the register beside all others."""

from django.utils.translation import gettext_lazy as _

from warmline.core.promises.kinds import NAMES

ANSWER = "desk.answer"  # by sundown
NEXT = "desk.next"  # what a holding reply promised
FINISH = "desk.finish"  # in two or three days

NAMES.update(
    {
        ANSWER: _("Answer before sundown"),
        NEXT: _("Report back as promised"),
        FINISH: _("Put it right"),
    }
)
