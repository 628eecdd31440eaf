"""What the schema lets pass and the standard does not."""

import json

import pytest

from warmline.goods.trace.epcis import documents
from warmline.goods.trace.epcis.rules import findings

SGTIN = "https://id.gs1.org/01/04012345123456/21/1"
SSCC = "https://id.gs1.org/00/040123450000003338"
LOT = "https://id.gs1.org/01/04012345123456/10/L1"


def event(**said):
    return {
        "type": "ObjectEvent",
        "eventTime": "2026-11-20T10:00:00+08:00",
        "eventTimeZoneOffset": "+08:00",
        "action": "OBSERVE",
        "epcList": [SGTIN],
    } | said


def packed(**said):
    plain = event(type="AggregationEvent", action="ADD", parentID=SSCC, childEPCs=[SGTIN])
    return {k: v for k, v in (plain | said).items() if k != "epcList" and v is not None}


def of(kind, **element):
    return {kind: [{"epcClass": LOT} | element]}


@pytest.mark.parametrize(
    ("broken", "rule"),
    [
        (packed(parentID=None), "parent"),
        (packed(parentID=None, action="DELETE"), "parent"),
        (event(**of("quantityList", uom="KGM")), "uom"),
        (event(**of("quantityList", quantity=1.5)), "count"),
        (event(**of("quantityList", quantity=-3)), "quantity"),
        (event(**of("quantityList", quantity=0, uom="KGM")), "quantity"),
        (event(epcList=[LOT]), "instance"),
        (event(epcList=["https://id.gs1.org/01/04012345123456"]), "instance"),
        (event(epcList=["urn:epc:idpat:sgtin:4012345.012345.*"]), "instance"),
        (packed(parentID=LOT), "instance"),
        (event(**of("quantityList", epcClass=SGTIN)), "class"),
        (event(epcList=["https://id.gs1.org/01/04012345123457/21/1"]), "check_digit"),
        (event(epcList=["https://milk.example/01/04012345123457/21/1"]), "check_digit"),
        (event(epcList=["https://id.gs1.org/00/040123450000003337"]), "check_digit"),
        (event(readPoint={"id": "https://id.gs1.org/414/4012345000116"}), "check_digit"),
        (event(epcList=["https://id.gs1.org/21/1/01/04012345123456"]), "key"),
        (event(epcList=["https://id.gs1.org/AQnYUc1gmiERBhQvECc"]), "key"),
        (event(eventTimeZoneOffset="+09:00"), "offset"),
    ],
)
def test_a_breach_is_refused_by_its_rule(broken, rule):
    found = findings(broken)
    assert [f.rule for f in found if f.refuses] == [rule]
    body = json.dumps(
        {
            "@context": ["https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld"],
            "type": "EPCISDocument",
            "schemaVersion": "2.0",
            "creationDate": "2026-11-20T10:00:00Z",
            "epcisBody": {"eventList": [broken]},
        }
    )
    with pytest.raises(documents.Invalid):
        documents.read(body.encode())


def test_a_time_in_utc_fits_every_place():
    assert not findings(event(eventTime="2026-11-20T02:00:00Z"))
    assert not findings(event(eventTime="2026-11-20T02:00:00.000+00:00"))


def test_what_is_odd_about_sensors_is_noted_and_kept():
    sensed = event(
        sensorElementList=[
            {
                "sensorMetadata": {"time": "2026-11-20T12:00:00+08:00", "deviceID": "urn:x:1"},
                "sensorReport": [{"type": "Temperature", "value": 4, "deviceID": "urn:x:1"}],
            }
        ]
    )
    found = findings(sensed)
    assert {f.rule for f in found} == {"sensor_time", "device"}
    assert not any(f.refuses for f in found)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"null",
        b'{"type": "EPCISDocument"}',
        b'{"type": "EPCISDocument", "epcisBody": []}',
        b'{"type": "EPCISDocument", "epcisBody": {"eventList": {}}}',
        b'{"type": 1, "@context": [NaN]}',
        b'{"type": "ObjectEvent", "@context": ["\\u0000"]}',
        b'{"x": ' + b"[" * 300 + b"]" * 300 + b"}",
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_what_is_no_document_is_refused_without_a_stumble(body):
    for proceed in (False, True):
        with pytest.raises(documents.Invalid):
            documents.read(body, proceed=proceed)


def test_a_document_has_a_largest_size():
    said = {"type": "EPCISDocument", "epcisBody": {"eventList": [{}] * (documents.EVENTS_MAX + 1)}}
    with pytest.raises(documents.TooMany):
        documents.of(said)
