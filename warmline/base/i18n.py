"""Words that a chain writes itself and that are shown in more than one language."""

from typing import Any

from django.db import models
from django.utils.translation import get_language

LANGUAGES = ("zh-hans", "en")


class I18nText(dict[str, str]):
    """`{"zh-hans": …, "en": …}`; as a string it is the reader's language, else whatever is there."""

    def __str__(self) -> str:
        language = get_language() or LANGUAGES[0]
        return self.get(language) or next((self[x] for x in LANGUAGES if self.get(x)), "")


class I18nTextField(models.JSONField):
    """A JSONB column of `I18nText`. A plain string is read as Chinese."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", I18nText)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> I18nText:
        return I18nText(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value: Any) -> I18nText:
        if isinstance(value, str):
            return I18nText({LANGUAGES[0]: value})
        return I18nText(super().to_python(value) or {})

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(self.to_python(value)))
