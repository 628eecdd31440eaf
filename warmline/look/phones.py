"""A telephone number that may be shown on a screen others can see."""

import re


def masked(phone: str) -> str:
    """138****5678. From four last digits alone: ****5678. Country codes are left out."""
    digits = re.sub(r"\D", "", phone)
    if len(digits) == 13 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) <= 4:
        return f"****{digits}" if digits else ""
    head = digits[:3] if len(digits) >= 10 else ""
    return f"{head}****{digits[-4:]}"
