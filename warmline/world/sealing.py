"""The part of a big chain that numpy cannot do: sealed phones and names, and words to be found by.

Runs in processes of its own, a few thousand families at a time, and answers with COPY's text.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from warmline.base.crypto import blind, encrypt
from warmline.core.people import tokens
from warmline.core.people.names import sort_key
from warmline.world import names

MEMBER = (
    "id household_id name relation member_no phone phone_bi phone_last4 email wecom_id is_primary"
    " name_sort search search_store created_at"
)
CHILD = "id household_id name sex born_on due_on feeding allergies created_at"


@dataclass(frozen=True)
class Families:
    """A few thousand families in a row: the first one's number, and what was drawn for each."""

    first: int  # household, member and child are numbered alike from their own first
    first_member: int
    first_child: int
    count: int
    at: str  # when they were written down
    stores: Sequence[int]
    surnames: Sequence[int]
    given: Sequence[int]
    babies: Sequence[int]
    born_on: Sequence[str]
    is_born: Sequence[bool]
    feeding: Sequence[str]
    is_girl: Sequence[bool]


def members(families: Families) -> bytes:
    """One mother a family, with her own number and phone."""
    rows = []
    for n in range(families.count):
        household, store = families.first + n, families.stores[n]
        name = names.SURNAMES[families.surnames[n]] + names.GIVEN[families.given[n]]
        member_no = f"M{household:09d}"
        phone = f"+86199{household % 10**8:08d}"
        found_by = "' '".join(tokens.tokens(name, member_no=member_no, store=store))
        rows.append(
            f"{families.first_member + n}\t{household}\t{name}\tmother\t{member_no}"
            f"\t\\\\x{encrypt(phone, place='people_member.phone').hex()}\t\\\\x{blind(phone).hex()}"
            f"\t{phone[-4:]}\t\t\tt\t{sort_key(name)}\t'{found_by}'\t{store}\t{families.at}\n"
        )
    return "".join(rows).encode()


def children(families: Families) -> bytes:
    """One baby a family, born or on its way."""
    rows = []
    for n in range(families.count):
        name = encrypt(names.BABIES[families.babies[n]], place="people_child.name").hex()
        born, day = families.is_born[n], families.born_on[n]
        rows.append(
            f"{families.first_child + n}\t{families.first + n}\t\\\\x{name}"
            f"\t{'f' if families.is_girl[n] else 'm'}\t{day if born else NULL}"
            f"\t{NULL if born else day}\t{families.feeding[n]}\t{{}}\t{families.at}\n"
        )
    return "".join(rows).encode()


NULL = r"\N"
