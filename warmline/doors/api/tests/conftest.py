"""Two stores with a family each, and tokens that come in."""

import json
from datetime import date

import pytest

from warmline.core.people import joining
from warmline.core.people.models import Staff, Store, Token
from warmline.goods.catalog.products import ProductIn, upsert

PHONE = "+8613912345678"


class Caller:
    """Another system with its token: what it asks, as JSON."""

    def __init__(self, client, secret):
        self.client, self.secret = client, secret

    def __call__(self, method, path, body=None, **headers):
        raw = body if isinstance(body, bytes | str) else json.dumps(body)
        named = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        if self.secret:
            named.setdefault("HTTP_AUTHORIZATION", f"Bearer {self.secret}")
        kind = named.pop("HTTP_CONTENT_TYPE", "application/json")
        kwargs = {} if method == "GET" else {"data": raw, "content_type": kind}
        return getattr(self.client, method.lower())(f"/api/v1{path}", **kwargs, **named)

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self("POST", path, body, **headers)


@pytest.fixture
def caller(client, db):
    """A caller of this role, of one store or of none."""

    def of(role=Staff.Role.HQ, store=None):
        return Caller(client, Token.issue(name="till", role=role, store=store)[1])

    return of


@pytest.fixture
def hq(caller):
    return caller()


@pytest.fixture
def nobody(client, db):
    return Caller(client, "")


@pytest.fixture
def store(db):
    return Store.objects.create(code="S001", name="人民路店")


@pytest.fixture
def other_store(db):
    return Store.objects.create(code="S002", name="解放路店")


@pytest.fixture
def lin(store):
    """A family of the first store."""
    baby = joining.Baby(name="豆豆", born_on=date(2026, 6, 1), feeding="mixed")
    return joining.join(
        store=store, name="林晓", phone=PHONE, babies=[baby], consents={"record"}, member_no="M001"
    )


@pytest.fixture
def theirs(other_store):
    """A family of the other store."""
    return joining.join(store=other_store, name="周敏", phone="+8613812344321", member_no="M002")


@pytest.fixture
def tin(db):
    (put,) = upsert(
        [ProductIn(code="P900", name="三段", category="formula", gtin="6901234567892", spec="900g")]
    )
    return put.id


@pytest.fixture
def receipt(store):
    def write(**differs):
        said = {
            "document_no": "R-1",
            "store": store.code,
            "sold_at": "2026-11-20T10:30:00+08:00",
            "member_no": "M001",
            "lines": [{"code": "P900", "quantity": "2", "amount": "596.00"}],
        }
        return said | differs

    return write


@pytest.fixture(autouse=True)
def _today(clock):
    clock("2026-11-21T09:00:00+08:00")
