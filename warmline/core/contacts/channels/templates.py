"""Templates: a short message leaves as a text that the carriers approved, with values put in. A chain
says which of its approved templates stands for which kind of message; one of them, `*`, may take the
whole words of every other kind as its value `text`."""

from collections.abc import Mapping

from warmline.core.contacts.channels import Outgoing, Reason, Refused
from warmline.core.contacts.channels.words import clean, pairs

GENERAL = "*"


def read(said: str) -> dict[str, str]:
    """`desk.opened=SMS_1,*=SMS_2`: our name of a kind, and the provider's code."""
    lines = (line.partition("=") for line in said.split(",") if line.strip())
    return {name.strip(): code.strip() for name, _is, code in lines if code.strip()}


def approved(message: Outgoing, templates: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """The provider's code and the values for it, in their order."""
    if code := templates.get(message.template):
        return code, pairs(message)
    if general := templates.get(GENERAL):
        return general, {"text": clean(message.text)}
    if not message.template or "." in message.template:  # ours, and nobody said which it is there
        raise Refused(
            f"no approved template for {message.template or 'this kind of message'}:"
            " set WARMLINE_SMS_TEMPLATES",
            reason=Reason.TEMPLATE,
        )
    return message.template, pairs(message)
