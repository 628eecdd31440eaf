"""What stands in a log is read by many: an address that opens something by itself is cut short there."""

import logging
import re

KEYS = re.compile(r"(/s/|/hooks/\w+/\w+/)[^/\s]{6,}")


class Hush(logging.Filter):
    """A family's link to its case, the secret end of a provider's address: each opens what it leads to."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = _short(record.msg)
        if isinstance(record.args, tuple):
            record.args = tuple(map(_short, record.args))
        return True


def _short(said: object) -> object:
    return KEYS.sub(r"\1…", said) if isinstance(said, str) else said
