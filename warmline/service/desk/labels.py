"""What a family reads about its case: other words than the staff's, and never a name of a state."""

from typing import Any

from django.utils.translation import gettext_lazy as _

FOR_THE_FAMILY: dict[str, Any] = {
    "open": _("We have it, and will answer you"),
    "working": _("We are at work on it"),
    "waiting": _("We are waiting for you"),
    "review": _("Done; a colleague asks you whether it is good"),
    "feedback": _("Done; we are learning from it"),
    "settled": _("Done and closed"),
    "merged": _("Goes on together with another one of yours"),
}

NEXT_STEP: dict[str, Any] = {  # each ends with a time
    "open": _("You hear from us by"),
    "working": _("You hear from us by"),
    "waiting": _("We ask you again by"),
    "review": _("A colleague asks you whether it is good by"),
    "feedback": _("Who can change it for good says what changes by"),
}

HAPPENED: dict[str, Any] = {
    "opened": _("We received it"),
    "said": _("You added"),
    "answered": _("Answer"),
    "waiting": _("We asked you something"),
    "resumed": _("We go on"),
    "finished": _("Put right"),
    "reviewed": _("A colleague looked at it again"),
    "feedback_answered": _("What we changed because of it"),
    "reopened": _("Opened again"),
    "accepted": _("A colleague took it over"),
    "taken": _("Somebody took it on"),
    "absorbed": _("Put together with another one of yours"),
    "rated": _("You told us how it was"),
}
