"""Another store's family is a page that does not exist, at whichever address somebody guesses.

The addresses are read from the door itself: a new one is tried as soon as it is there.
"""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import get_resolver

from warmline.base.clock import now
from warmline.core.people import joining, remembering
from warmline.core.people.models import Consent, ImportantDate, Staff
from warmline.core.promises.models import Promise
from warmline.service.desk import deciding
from warmline.service.desk.receiving import Asker, receive

NOWHERE = 987_654_321
NUMBER = re.compile(r"<int:(\w+)>")
SAID = {
    "outcome": "reached",
    "key": "k",
    "reason": "x",
    "category": "formula",
    "kind": "stock",
    "value": "1",
    "text": "x",
    "name": "x",
    "words": "x",
    "medium": "phone",
    "purpose": "care",
    "granted": "0",
    "born_on": "2026-01-01",
    "sms-key": "k",
    "sms-purpose": "care",
    "sms-text": "x",
    "status": "gone",
}


def addresses(resolver=None, before=""):
    for pattern in (resolver or get_resolver("warmline.doors.guide.urls")).url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from addresses(pattern, route)
        else:
            yield route


NUMBERED = sorted({route for route in addresses() if NUMBER.search(route)})


def of_a_family(family, promise, *, children, notes, days, case):
    """What each number in an address stands for; another name has to be told here whose it is."""
    return {
        "promises": {"pk": promise.pk},
        "cases": {"pk": case.pk, "remedy": case.remedies.get().pk},
        "region": {"store": family.store_id},
        "families": {
            "pk": family.pk,
            "child": children.get().pk,
            "member": family.members.first().pk,
            "note": notes.get().pk,
            "day": days.get().pk,
        },
    }


def filled(route, numbers, **differs):
    mine = numbers[route.split("/")[0]] | differs
    return "/" + NUMBER.sub(lambda found: str(mine[found.group(1)]), route)


@pytest.fixture
def grown():
    """Gives a family one of everything that an address may name."""

    def grow(family, guide):
        remembering.remember(family, by=guide, kind="say", text="喜欢聊睡眠")
        ImportantDate.objects.create(household=family, name="乔迁", month=5, day=1)
        promise = Promise.make(
            "contacts.call_back", household=family, keeper=guide, due_at=now() + timedelta(hours=2)
        )
        case = receive(channel="phone", words="罐口没封好", asker=Asker(household=family)).case
        deciding.give(case, kind="refunded", amount=Decimal(9000), why="罐口没封好", by=guide)
        return of_a_family(
            family,
            promise,
            children=family.children,
            notes=family.memory_notes,
            days=ImportantDate.objects.filter(household=family),
            case=case,
        )

    return grow


@pytest.fixture
def theirs(lin, zhou, grown):
    return grown(lin, zhou)


def everything():
    """All rows that a request may change, but for who looked and who is signed in."""
    kept = {"people_reading", "django_session", "base_idempotent", "people_staff"}
    models = [m for m in apps.get_models() if m._meta.managed and m._meta.db_table not in kept]
    return {m._meta.db_table: list(m._base_manager.order_by("pk").values()) for m in models}


@pytest.mark.parametrize("route", NUMBERED)
def test_another_stores_family_is_not_there(client, theirs, wu, route):
    client.force_login(wu)
    before = everything()
    for method in (client.get, client.post):
        foreign = method(filled(route, theirs), SAID)
        missing = method(filled(route, theirs, pk=NOWHERE, store=NOWHERE), SAID)
        assert foreign.status_code in {404, 405}, route
        assert foreign.status_code == missing.status_code
        assert "林晓" not in foreign.content.decode()
    assert everything() == before


@pytest.mark.parametrize("route", [r for r in NUMBERED if len(NUMBER.findall(r)) > 1])
def test_what_belongs_to_another_family_is_not_reached_through_ones_own(
    client, theirs, wu, grown, route
):
    own = joining.join(
        store=wu.store,
        by=wu,
        name="陈雨",
        phone="13900001111",
        babies=[joining.Baby(name="豆豆", born_on=date(2026, 5, 1))],
        consents=list(Consent.Purpose),
    )
    grown(own, wu)
    client.force_login(wu)
    before = everything()
    for method in (client.get, client.post):
        answer = method(filled(route, theirs, pk=own.pk), SAID)
        assert answer.status_code in {404, 405}, route
    assert everything() == before


@pytest.mark.parametrize("route", sorted(set(addresses()) - {"sw.js"}))  # a file, the same for all
def test_who_is_not_signed_in_changes_nothing_and_sees_nobody(client, theirs, route):
    before = everything()
    for method in (client.get, client.post):
        answer = method(filled(route, theirs) if NUMBER.search(route) else f"/{route}", SAID)
        assert "林晓" not in answer.content.decode()
    assert everything() == before


@pytest.mark.parametrize("route", NUMBERED)
def test_an_auditor_changes_nothing_anywhere(client, theirs, route):
    auditor = Staff.objects.create_user("shen", "-", name="沈", role="auditor")
    client.force_login(auditor)
    session = client.session
    session["second_factor"] = True
    session.save()
    before = everything()
    assert client.post(filled(route, theirs), SAID).status_code in {403, 405}
    assert everything() == before


@pytest.mark.parametrize("number", ["0", "-1", "99999999999999999999999999", "1e3", "一", "1;2"])
def test_a_number_that_is_none_is_a_page_that_is_not_there(page, lin, number):
    for start in ("families", "promises", "cases"):
        assert page.get(f"/{start}/{number}/").status_code == 404
    said = {"outcome": "reached", "key": "k", "promise": number, "medium": "phone"}
    assert page.post(f"/families/{lin.pk}/contacts/", said).status_code in {404, 422}
