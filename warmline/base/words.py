"""The words of the terminal, for what has to be said before Django (and its gettext) is up."""

import gettext as stdlib
import os
from functools import cache
from pathlib import Path

WARMLINE = Path(__file__).parents[1]
SPEAKERS = ("base", "cli")  # who speaks on the terminal; each keeps its own words


def language() -> str:
    """Chinese if the terminal or WARMLINE_LANGUAGE says so; English is safe on any screen."""
    for name in ("WARMLINE_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if chosen := os.environ.get(name):
            return "zh_Hans" if chosen.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue(spoken: str) -> stdlib.NullTranslations:
    said = stdlib.NullTranslations()
    for speaker in SPEAKERS:
        words = WARMLINE / speaker / "locale"
        catalogue = stdlib.translation("django", words, languages=[spoken], fallback=True)
        catalogue.add_fallback(said)
        said = catalogue
    return said


def gettext(message: str) -> str:
    return _catalogue(language()).gettext(message)
