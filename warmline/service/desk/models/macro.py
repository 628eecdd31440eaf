"""A macro: words that are said often, in both languages, with gaps for what differs."""

from django.db import models

from warmline.base.i18n import I18nTextField


class Macro(models.Model):
    """`{name}`, `{code}`, `{store}` and `{me}` are filled in for the case that is answered."""

    title = I18nTextField()
    text = I18nTextField()
    is_on = models.BooleanField(default=True)
    place = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["place", "pk"]

    def __str__(self) -> str:
        return str(self.title)
