"""The words of the terminal, for what has to be said before Django (and its gettext) is up."""

import gettext as stdlib
import os
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"


def language() -> str:
    """Chinese if the terminal or WARMLINE_LANGUAGE says so; English is safe on any screen."""
    for name in ("WARMLINE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            return "zh_Hans" if chosen.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue(spoken: str) -> stdlib.NullTranslations:
    return stdlib.translation("django", LOCALE, languages=[spoken], fallback=True)


def gettext(message: str) -> str:
    return _catalogue(language()).gettext(message)
