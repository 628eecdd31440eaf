"""What a verb found wrong, shown at the field where it was typed."""

from collections.abc import Mapping

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
