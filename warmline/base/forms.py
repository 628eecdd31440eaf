"""What forms of every door have in common: errors at the field where something was typed, a yes or no by
the button that was pressed, an amount of money."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError


def put_errors(
    form: forms.BaseForm, error: ValidationError, *, names: Mapping[str, str] | None = None
) -> None:
    """Add a verb's errors to a form; `names` maps the verb's words to the form's fields. What fits
    no field stands above the form, so that nothing is swallowed."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for said, errors in error.error_dict.items():
        name = (names or {}).get(said, said)
        form.add_error(name if name in form.fields else None, errors)


def pressed(yes: Any, no: Any, *, neither: Any) -> forms.TypedChoiceField:
    """Yes or no is which of two buttons was pressed; `neither` is said when none was."""
    return forms.TypedChoiceField(
        choices=[("1", yes), ("0", no)],
        coerce=lambda said: said == "1",
        widget=forms.HiddenInput,
        error_messages={"required": neither},
    )


def money(label: Any, *, most: int = 1_000_000) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=0,
        max_value=most,
        decimal_places=2,
        widget=forms.NumberInput({"inputmode": "decimal", "step": "0.01", "min": "0"}),
    )
