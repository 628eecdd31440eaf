"""Trouble: what is wrong and what to do about it, said to a person and not to a programmer."""


class Trouble(Exception):
    """One sentence about what is wrong, one about how to mend it. Commands print it and exit 1."""

    def __init__(self, what: str, *, mend: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.mend = mend

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.what,), {"mend": self.mend}

    def __str__(self) -> str:
        return f"{self.what} {self.mend}".strip()
