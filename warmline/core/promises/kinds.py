"""The kinds of promises that the spine itself makes; services name their own after themselves."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CALL_BACK = "contacts.call_back"  # "I will ring you on Thursday": the family was told
TRY_AGAIN = "contacts.try_again"  # nobody answered: only we know of it
ESCALATION = "contacts.escalation"  # a red flag: a manager looks at once
APOLOGY = "promises.apology"  # a promise the family knew of was broken

TOLD = (CALL_BACK, ESCALATION)  # broken, these are damage that the family felt

NAMES: dict[str, Any] = {
    CALL_BACK: _("Call back as promised"),
    TRY_AGAIN: pgettext_lazy("a promise", "Try again"),
    ESCALATION: _("Look at it at once"),
    APOLOGY: _("Apologise and put it right"),
}
