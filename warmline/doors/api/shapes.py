"""The shapes of what comes in and goes out: names that the OpenAPI description shows."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field, StringConstraints

PRINTABLE = r"^[^\x00-\x08\x0b-\x1f\x7f]*$"
PHONE = "13912345678, +86 139 1234 5678 and the like"


def text(most: int, least: int = 0) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=most, pattern=PRINTABLE)


class In(Schema):
    """What is sent to us: a field we do not know is a mistake, not a wish."""

    model_config = ConfigDict(extra="forbid")


Relation = Literal["mother", "father", "grandmother", "grandfather", "other"]
Feeding = Literal["", "breast", "mixed", "formula"]
Purpose = Literal["record", "care", "service", "sales", "survey"]
Share = Annotated[float, Field(ge=0, le=1)]
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]


class BabyIn(In):
    name: Annotated[str, text(60)] = ""
    born_on: date | None = None
    due_on: date | None = None
    sex: Literal["", "f", "m"] = ""
    feeding: Feeding = ""
    formula_share: Share | None = None


class NewBaby(BabyIn):
    has_consent: bool = Field(False, description="A guardian agreed to keep this baby's record")
    evidence: Annotated[str, text(200)] = ""


NOT_SENT: Any = None


class Change(In):
    """What is not sent stays as it is; null is a value only where it means something."""

    def sent(self) -> dict[str, Any]:
        return self.model_dump(exclude_unset=True)


class BabyChange(Change):
    name: Annotated[str, text(60)] = Field(NOT_SENT)
    born_on: date = Field(NOT_SENT, description="The baby that was expected is here")
    due_on: date = Field(NOT_SENT)
    sex: Literal["", "f", "m"] = Field(NOT_SENT)
    feeding: Feeding = Field(NOT_SENT, description="Alone, it forgets the share of formula")
    formula_share: Share | None = Field(None, description="null: not known")
    weaned_on: date | None = Field(None, description="null: it is fed formula again")


class Baby(Schema):
    id: int
    household: int
    name: str
    sex: str
    born_on: date | None
    due_on: date | None
    feeding: str
    formula_share: float | None
    weaned_on: date | None
    is_frozen: bool = Field(description="No guardian's consent: nothing about it is kept")


class MemberIn(In):
    name: Annotated[str, text(60, 1)]
    phone: Annotated[str, text(30)] = Field("", description=PHONE)
    relation: Relation = "mother"
    member_no: Annotated[str, text(40)] = ""


class MemberChange(Change):
    name: Annotated[str, text(60, 1)] = Field(NOT_SENT)
    phone: Annotated[str, text(30, 1)] = Field(NOT_SENT, description=PHONE)


class Member(Schema):
    id: int
    household: int
    name: str
    relation: str
    member_no: str | None
    phone: str
    is_primary: bool


class HouseholdIn(In):
    store: Annotated[str, text(20, 1)] = Field(description="The store's code")
    name: Annotated[str, text(60, 1)]
    phone: Annotated[str, text(30, 1)] = Field(description=PHONE)
    relation: Relation = "mother"
    member_no: Annotated[str, text(40)] = ""
    babies: Annotated[list[BabyIn], Field(max_length=10)] = []
    consents: Annotated[list[Purpose], Field(max_length=10)] = []
    evidence: Annotated[str, text(200)] = Field("", description="What makes the consent provable")
    dialect: Annotated[str, text(20)] = ""


class HouseholdRow(Schema):
    """A family in a list: without numbers to ring and without its babies."""

    id: int
    store: str
    name: str
    phone_last4: str
    tier: int
    status: str
    joined_on: date
    last_sale_on: date | None
    last_contact_at: datetime | None


class Household(HouseholdRow):
    members: list[Member]
    babies: list[Baby]


class NewHousehold(Household):
    same_phone: list[int] = Field(description="Other families with this number that you may see")


class ProductIn(In):
    code: Annotated[str, text(40, 1)]
    name: Annotated[str, text(120, 1)]
    category: Annotated[str, text(30, 1)] = Field(
        description="formula, diapers, wipes, baby_food …"
    )
    gtin: Annotated[str, text(20)] = ""
    brand: Annotated[str, text(60)] = ""
    stage: Annotated[int, Field(ge=1, le=9)] | None = None
    size: Annotated[str, text(10)] = ""
    spec: Annotated[str, text(60)] = Field(
        "", description="900g, 54片, 800g*6: content is read off it"
    )
    content: Annotated[float, Field(gt=0, le=1e6)] | None = None
    price: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,8}(\.[0-9]{1,2})?$")] | None = None
    opened_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    is_active: bool = True


class ProductsIn(In):
    products: Annotated[list[ProductIn], Field(min_length=1, max_length=500)]


class ProductPut(Schema):
    code: str
    outcome: Literal["added", "changed", "same", "refused"]
    id: int | None
    error: str
    detail: str


class Product(Schema):
    id: int
    code: str
    gtin: str | None
    name: str
    brand: str
    category: str
    stage: int | None
    size: str
    spec: str
    content: float | None
    price: str | None
    is_active: bool


class SaleLine(Schema):
    line_no: int
    code: str
    name: str
    product: int | None
    quantity: str
    amount: str


class Sale(Schema):
    id: int
    source: str
    document_no: str
    store: str
    household: int | None
    sold_at: datetime
    sold_on: date
    total: str
    lines: list[SaleLine]


class SaleResult(Schema):
    """What became of one receipt."""

    index: int | None = Field(None, description="Its place in the batch, from 0")
    document_no: str = ""
    outcome: Literal["posted", "repeated", "refused"]
    id: int | None = None
    household: int | None = Field(None, description="Its family, if it is known and yours to see")
    sold_on: date | None = None
    total: str | None = None
    unknown_codes: list[str] = Field([], description="Codes that the catalogue does not know yet")
    error: str | None = None
    detail: str | None = None
    errors: list[dict[str, str]] = []


class BatchResult(Schema):
    posted: int
    repeated: int
    refused: int
    results: list[SaleResult]


class Promise(Schema):
    id: int
    kind: str
    household: int
    store: str
    keeper: str | None = Field(description="The code of whoever keeps it; null: the store's queue")
    title: str
    words: str
    why: dict[str, Any]
    due_at: datetime
    status: str
    standing: str = Field(
        description="The status, and what became of a broken one: late (made good) or let_off"
    )
    state: str
    waived_for: str
    done_at: datetime | None


class Waiver(In):
    reason: Annotated[str, text(200, 1)]


class ContactIn(In):
    outcome: Literal[
        "reached", "no_answer", "later", "refused", "bought", "weaned", "switched", "wrong_number"
    ]
    medium: Literal["phone", "sms", "wecom", "email", "visit"] = "phone"
    purpose: Literal["recall", "logistics", "service", "care", "survey", "sales"] | None = Field(
        None, description="Else its promise's, else care"
    )
    note: Annotated[str, text(2000)] = ""
    promise: Id | None = Field(None, description="The promise that it was made for")
    is_inbound: bool = False
    at: datetime | None = None
    next_at: datetime | None = Field(None, description="Until when another contact was promised")
    next_words: Annotated[str, text(200)] = Field("", description="What was promised then")


class Contact(Schema):
    id: int
    household: int
    store: str
    staff: str | None
    medium: str
    purpose: str
    outcome: str
    is_inbound: bool
    note: str
    promise: int | None
    at: datetime


class ContactLogged(Contact):
    next_promise: int | None = Field(description="The promise that this contact made")


class RunOut(Schema):
    household: int
    category: str
    product: int | None
    last_on: date | None
    p10_on: date | None
    p50_on: date | None
    p90_on: date | None
    call_on: date | None
    chance: float | None = Field(description="Of another purchase within 60 days")
    reasons: dict[str, Any]


class Fault(Schema):
    field: str
    code: str
    message: str


class ProblemShape(Schema):
    """RFC 9457, media type application/problem+json."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[Fault] = []
