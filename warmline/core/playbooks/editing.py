"""Editing: head office writes a playbook. New words make a new script; old promises keep theirs."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from warmline.base.clock import now
from warmline.core.people.models import Staff
from warmline.core.playbooks import conditions
from warmline.core.playbooks.facts import signal_names
from warmline.core.playbooks.models import Playbook
from warmline.core.promises.models import Script

WORDS = ("title", "say", "avoid")


@transaction.atomic
def edit(playbook: Playbook, *, by: Staff | None, **changes: Any) -> Playbook:
    """Change a playbook, or make one (pass it unsaved); `title`, `say`, `avoid` are its words."""
    words = {name: changes.pop(name) for name in WORDS if name in changes}
    for name, value in changes.items():
        assert name not in ("condition", "script", "edited_by", "edited_at"), name
        setattr(playbook, name, value)
    if playbook.signal not in signal_names():
        raise ValidationError({"signal": _("Nothing of this name happens here.")})
    playbook.condition = conditions.compile(playbook.conditions, signal=playbook.signal)
    _write(playbook, words)
    playbook.edited_by, playbook.edited_at = by, now()
    playbook.full_clean(exclude=["edited_by"])
    playbook.save()
    return playbook


def switch(playbook: Playbook, *, is_on: bool, by: Staff | None) -> None:
    """Let a playbook promise, or rest; what it has promised stays promised."""
    playbook.is_on, playbook.edited_by, playbook.edited_at = is_on, by, now()
    playbook.save(update_fields=["is_on", "edited_by", "edited_at"])


def _write(playbook: Playbook, words: dict[str, Any]) -> None:
    used = playbook.script if playbook.script_id else Script()
    if playbook.script_id and all(dict(getattr(used, n)) == dict(words[n]) for n in words):
        return
    kept = {name: getattr(used, name) for name in WORDS}
    playbook.script = Script.objects.create(**{**kept, **words})
