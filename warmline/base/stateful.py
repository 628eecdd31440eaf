"""Things that move from one state to the next, once, whoever clicks first."""

from collections.abc import Iterator, Mapping, Set
from contextlib import contextmanager
from typing import Any, ClassVar, Self

from django.db import models, transaction


class WrongMove(Exception):
    """The thing is not in a state from which this can be done; a screen shows it as a 409."""

    def __init__(self, thing: models.Model, was: str, to: str) -> None:
        super().__init__(f"{thing._meta.label} {thing.pk} is {was}: it cannot become {to}")
        self.thing, self.was, self.to = thing, was, to


class Stateful(models.Model):
    """A row with a `status` and the moves it may make."""

    MOVES: ClassVar[Mapping[Any, Set[Any]]] = {}
    status: Any

    class Meta:
        abstract = True

    @contextmanager
    def move(self, to: str) -> Iterator[Self]:
        """Lock the row, check the move, let the caller fill in the rest, save."""
        with transaction.atomic():
            locked = type(self)._base_manager.select_for_update(of=("self",)).get(pk=self.pk)
            if to not in self.MOVES.get(locked.status, set()):
                raise WrongMove(self, str(locked.status), str(to))
            for field in self._meta.concrete_fields:
                setattr(self, field.attname, getattr(locked, field.attname))
            self.status = to
            yield self
            self.save()
