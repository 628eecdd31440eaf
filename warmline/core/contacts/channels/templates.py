"""Templates: a short message leaves as a text that the carriers approved, with values put in. A chain
says which of its approved templates stands for which kind of message, and which values it has; one of
them, `*`, may take the whole words of every other kind as its value `text`."""

import re
from collections.abc import Mapping

from warmline.core.contacts.channels import Outgoing, Reason, Refused
from warmline.core.contacts.channels.words import clean, pairs

GENERAL = "*"
TEXTS: dict[str, str] = {}  # every kind of short message, and the text to hand in for it


def declare(kind: str, text: str) -> str:
    """A kind of short message, with the Chinese text to hand in; its values in their order."""
    TEXTS[kind] = text
    return kind


def values_of(kind: str) -> list[str]:
    return re.findall(r"\$\{(\w+)\}", TEXTS[kind])


OWN_WORDS = declare("guide.words", "${store}：${text}")  # what a guide writes herself


def read(said: str) -> dict[str, str]:
    """`desk.opened=SMS_1,desk.word=SMS_2:code+link,*=SMS_3`: our name of a kind, the provider's code, and
    the values that its text has, if it has not all of them."""
    lines = (line.partition("=") for line in said.split(",") if line.strip())
    return {name.strip(): code.strip() for name, _is, code in lines if code.strip()}


def amiss(said: str) -> tuple[list[str], list[str]]:
    """Kinds without a template of their own, and names that are no kind or no value of it."""
    templates = read(said)
    unknown = [name for name in templates if name not in TEXTS and name != GENERAL]
    unknown += [
        f"{kind}:{value}"
        for kind in TEXTS
        for value in _chosen(templates.get(kind, ""))
        if value not in values_of(kind)
    ]
    return [kind for kind in TEXTS if kind not in templates], unknown


def approved(message: Outgoing, templates: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The provider's code and the values for it, in their order."""
    if said := templates.get(message.template):
        values, chosen = pairs(message), _chosen(said)
        if missing := [name for name in chosen if name not in values]:
            raise Refused(
                f"{message.template} has no value {', '.join(missing)}: correct WARMLINE_SMS_TEMPLATES",
                reason=Reason.TEMPLATE,
            )
        return said.partition(":")[0], {n: values[n] for n in chosen} if chosen else values
    if general := templates.get(GENERAL):
        return general, {"text": clean(message.text)}
    if not message.template or "." in message.template:  # ours, and nobody said which it is there
        raise Refused(
            f"no approved template for {message.template or 'this kind of message'}:"
            " set WARMLINE_SMS_TEMPLATES",
            reason=Reason.TEMPLATE,
        )
    return message.template, pairs(message)


def _chosen(said: str) -> list[str]:
    return [name for name in said.partition(":")[2].split("+") if name]
