"""Empty forms that stand closed on a page: drawn once a language (and day), not once a page."""

from collections.abc import Callable
from functools import lru_cache

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def blank(make: Callable[[], forms.Form]) -> SafeString:
    """The fields of a form that asks everybody the same."""
    return _drawn(make, get_language())


@lru_cache(maxsize=32)
def _drawn(make: Callable[[], forms.Form], _language: str) -> SafeString:
    return render_to_string("guide/_typed.html", {"form": make()})
