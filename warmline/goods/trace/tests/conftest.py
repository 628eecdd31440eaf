"""A lot of milk, its tins, and documents that partners send."""

import json

import pytest

from warmline.goods.trace import knowing, naming
from warmline.goods.trace.capturing import capture
from warmline.goods.trace.epcis import documents

GTIN = "06901234567892"
CONTEXT = ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"]


@pytest.fixture(autouse=True)
def _nothing_remembered():
    knowing.forget()
    naming.forget()
    yield
    knowing.forget()
    naming.forget()


def sgtin(serial, gtin=GTIN):
    return f"https://id.gs1.org/01/{gtin}/21/{serial}"


def sscc(number):
    from warmline.goods.trace.identity.check_digits import check_digit

    body = f"0690123{number:010d}"
    return f"https://id.gs1.org/00/{body}{check_digit(body)}"


def gln(number):
    from warmline.goods.trace.identity.check_digits import check_digit

    body = f"6901234{number:05d}"
    return f"https://id.gs1.org/414/{body}{check_digit(body)}"


def event(**said):
    plain = {
        "type": "ObjectEvent",
        "eventTime": "2026-11-20T10:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "readPoint": {"id": gln(1)},
    }
    return {k: v for k, v in (plain | said).items() if v is not None}


def packed(parent, children, at="2026-11-20T10:00:00+08:00", action="ADD", **said):
    step = "packing" if action == "ADD" else "unpacking"
    more = {"childEPCs": children} if children is not None else {}
    return event(
        type="AggregationEvent",
        parentID=parent,
        action=action,
        eventTime=at,
        bizStep=step,
        **more,
        **said,
    )


def document(*events, **said):
    return {
        "@context": CONTEXT,
        "type": "EPCISDocument",
        "schemaVersion": "2.0",
        "creationDate": "2026-11-20T10:00:00Z",
        "epcisBody": {"eventList": list(events)},
    } | said


def take_in(*events, proceed=False, **said):
    body = json.dumps(document(*events, **said)).encode()
    return capture(documents.read(body, proceed=proceed), proceed=proceed)


@pytest.fixture
def tin_product(db):
    from warmline.goods.catalog.products import ProductIn, upsert

    (put,) = upsert(
        [ProductIn(code="P900", name="三段", category="formula", gtin=GTIN, spec="900g", stage=3)]
    )
    return put.id


@pytest.fixture
def lot(tin_product):
    from datetime import date

    from warmline.goods.trace.models import CompanyPrefix, Lot

    CompanyPrefix.objects.get_or_create(
        prefix="6901234", defaults={"name": "我们", "is_ours": True}
    )
    return Lot.objects.create(
        gtin=GTIN,
        number="L7",
        product_id=tin_product,
        made_on=date(2026, 10, 1),
        expires_on=date(2028, 9, 30),
        story={"materials": [{"name": "生牛乳", "origin": "黑龙江"}]},
    )


@pytest.fixture
def store(db):
    from warmline.core.people.models import Store

    return Store.objects.create(code="S001", name="人民路店")


@pytest.fixture
def families(store):
    """Two families: lin and zhou."""
    from datetime import date

    from warmline.core.people import joining

    baby = joining.Baby(name="豆豆", born_on=date(2026, 1, 1), feeding="formula")
    lin = joining.join(
        store=store, name="林晓", phone="+8613912345678", babies=[baby], consents={"record"}
    )
    zhou = joining.join(store=store, name="周敏", phone="+8613812344321")
    return lin, zhou
