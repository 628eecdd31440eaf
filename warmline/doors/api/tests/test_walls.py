"""Another store's family is not there, at whichever address of the API somebody guesses. The
addresses are read from the door itself: a new one is tried as soon as it is there."""

import pytest
from django.urls import get_resolver

from warmline.base.clock import now
from warmline.core.people.models import Reading, Staff
from warmline.core.promises.models import Promise
from warmline.goods.sales.models import Sale
from warmline.service.desk.receiving import Asker, receive

pytestmark = pytest.mark.django_db
NOWHERE = 987_654_321
NUMBER = "<int:pk>"
BODIES = [
    {},
    {"name": "x"},
    {"due_on": "2027-03-01"},
    {"outcome": "reached"},
    {"feeding": "formula"},
    {"reason": "x"},
]


def addresses(resolver=None, before=""):
    for pattern in (resolver or get_resolver("warmline.doors.api.urls")).url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, route)
        else:
            yield route


NUMBERED = sorted({route for route in addresses() if "<int:" in route})


@pytest.fixture
def whose(lin, tin, store):
    """What the number in an address stands for, by its first word."""
    sale = Sale.objects.create(
        source="till", document_no="D1", store=store, household=lin, sold_at=now(),
        sold_on="2026-11-20", total=1,
    )  # fmt: skip
    promise = Promise.make("contacts.call_back", household=lin, due_at=now(), keeper=None)
    case = receive(channel="api", words="?", asker=Asker(name="林晓"), store=store).case
    return {
        "cases": case.pk,
        "households": lin.pk,
        "members": lin.members.get().pk,
        "babies": lin.children.get().pk,
        "promises": promise.pk,
        "sales": sale.pk,
    }


def test_every_number_is_a_pk(whose):
    assert NUMBERED
    for route in NUMBERED:
        assert route.count("<int:") == 1
        assert NUMBER in route
        assert route.split("/")[0] in whose, f"{route}: say whose it is"


@pytest.mark.parametrize("route", NUMBERED)
@pytest.mark.parametrize("role", [Staff.Role.GUIDE, Staff.Role.MANAGER, Staff.Role.HQ])
def test_another_stores_is_not_there(caller, whose, other_store, route, role):
    """A foreign thing and none at all answer alike, byte for byte, whatever is sent."""
    elsewhere = caller(role, other_store)
    mine = whose[route.split("/")[0]]
    was = Promise.objects.values().get()
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for body in BODIES if method != "GET" else [None]:
            foreign = elsewhere(method, f"/{route.replace(NUMBER, str(mine))}", body)
            missing = elsewhere(method, f"/{route.replace(NUMBER, str(NOWHERE))}", body)
            assert foreign.status_code in {403, 404, 405, 422}, (method, route)
            assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert Promise.objects.values().get() == was
    assert not Reading.objects.exists()


@pytest.mark.parametrize("route", sorted(set(addresses())))
def test_without_a_token_nothing_is_said(nobody, whose, route):
    if route in {"openapi.json", "docs"} or "hooks" in route:
        return  # open to all, or with keys of their own (test_hooks)
    address = "/" + route.replace(NUMBER, str(whose.get(route.split("/")[0], 1)))
    for method in ("GET", "POST", "PATCH"):
        answer = nobody(method, address.replace("<code>", "P900"), {})
        assert answer.status_code in {401, 404, 405}, (method, route)
        assert "林晓" not in answer.content.decode()


@pytest.mark.parametrize("route", [r for r in NUMBERED if "products" not in r])
def test_who_moves_parcels_finds_no_family_nor_what_it_buys(route, whose, caller):
    logistics = caller(Staff.Role.LOGISTICS)
    word = route.split("/", 1)[0]
    answer = logistics.get("/" + route.replace(NUMBER, str(whose.get(word, NOWHERE))))
    assert answer.status_code in (403, 404, 405), answer.content
    assert "豆豆" not in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["households", "members", "babies", "promises", "contacts", "sales"]
)
def test_who_moves_parcels_is_shown_an_empty_list(path, whose, caller):
    answer = caller(Staff.Role.LOGISTICS).get(f"/{path}")
    assert answer.status_code in (403, 404, 405) or answer.json()["items"] == []
