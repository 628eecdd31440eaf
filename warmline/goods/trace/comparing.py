"""Extension fields compared by size: as numbers where both are, else as text (dates are)."""

from typing import Any

from django.db.models import BooleanField, Func, TextField, Value

from warmline.goods.trace.parameters import BadParameter

SIGNS = {"GT": ">", "GE": ">=", "LT": "<", "LE": "<="}


class FieldCompares(Func):
    """Any value of this field of `facts` against one."""

    function = "trace_field_compares"
    arity = 5
    output_field = BooleanField()

    @classmethod
    def of(cls, family: str, name: str, how: str, value: str) -> Any:
        if how not in SIGNS:
            raise BadParameter(how)
        parts = [
            Value(part, output_field=TextField()) for part in (family, name, SIGNS[how], value)
        ]
        return cls("facts", *parts)
