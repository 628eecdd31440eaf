"""What a provider's error code means for a message: never again, or later and when."""

from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from warmline.core.contacts.channels import Reason, Refused, Retry


class Verdict(NamedTuple):
    """One row of a provider's error table."""

    reason: Reason
    after: timedelta | None = None
    ambiguous: bool = False

    def error(self, code: str, detail: str) -> Retry | Refused:
        if self.after is None:
            return Refused(detail, reason=self.reason, code=code)
        return Retry(
            detail, reason=self.reason, code=code, after=self.after, ambiguous=self.ambiguous
        )


def never(reason: Reason) -> Verdict:
    return Verdict(reason)


def later(reason: Reason, *, ambiguous: bool = False, **wait: float) -> Verdict:
    return Verdict(reason, timedelta(**wait), ambiguous)


def verdict_on(code: str, table: Mapping[str, Verdict]) -> Verdict | None:
    """The row of this very code, else of its family: `Throttling.User`, then `Throttling`."""
    return table.get(code) or table.get(code.partition(".")[0])
