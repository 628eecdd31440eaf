"""Words on their way out: what may stand in a message, and how many short messages it makes."""

from warmline.core.contacts.channels import Outgoing

ONE_PART = 70
EACH_OF_MANY = 67  # a longer text is cut, and three characters of each piece say where it belongs


def clean(text: str) -> str:
    """Without the characters no provider and no phone can show: NUL and its kin, half emoji."""
    whole = text.encode("utf-8", "ignore").decode()
    return "".join(letter for letter in whole if letter >= " " or letter in "\n\t").replace(
        "\x7f", ""
    )


def one_line(text: str) -> str:
    return " ".join(clean(text).split())


def units(text: str) -> int:
    """Length as a phone counts it: Chinese, Latin and digits are one, most emoji are two."""
    return len(text.encode("utf-16-le", "ignore")) // 2


def parts(text: str, *, sign_name: str = "") -> int:
    """How many short messages this is paid as; the signature 【…】 counts too."""
    length = units(f"【{sign_name}】{text}" if sign_name else text)
    return 1 if length <= ONE_PART else -(-length // EACH_OF_MANY)


def signature(message: Outgoing, ours: str) -> str:
    """The 【brand】 in front: the chain's, unless a message is signed by a brand of its own."""
    return str(getattr(message, "sign_name", "") or ours)


def pairs(message: Outgoing) -> dict[str, str]:
    """The template's values by name, in the template's order, each one clean."""
    return {name: clean(str(value)) for name, value in dict(message.params).items()}
