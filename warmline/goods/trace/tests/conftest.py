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
