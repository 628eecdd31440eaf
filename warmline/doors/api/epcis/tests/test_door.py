"""The standard's door: what it answers, whom it lets in, and what it refuses."""

import json

import pytest

from warmline.goods.trace.models import CaptureJob, Event, Place, UnitEvent
from warmline.goods.trace.tests.conftest import document, event, gln, packed, sgtin, sscc

pytestmark = pytest.mark.django_db


def refused(answer, status, kind):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == f"epcisException:{kind}"
    assert answer.json()["detail"]
    return answer


def names(events):
    return [e["eventID"] for e in events]


def test_without_a_token_and_with_a_guides_nothing_is_told(stranger, guide, partner):
    refused(stranger.get("/events"), 401, "SecurityException")
    refused(guide.get("/events"), 403, "SecurityException")
    refused(guide.post("/capture", document(event(epcList=[sgtin("A")]))), 403, "SecurityException")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/events",
        "/capture",
        "/epcs",
        "/queries",
        "/bizSteps",
        "/events/urn:x",
        "/queries/q/events",
    ],
)
def test_what_can_be_done_is_asked_with_options(stranger, path):
    answer = stranger("OPTIONS", path)
    assert answer.status_code == 204
    assert "GET" in answer["Allow"]
    assert answer["GS1-EPCIS-Version"] == "2.0.0"
    assert answer["GS1-EPCIS-Capture-Limit"] == "1000"


def test_the_top_names_nine_resources(partner):
    assert len(partner.get("/").json()["member"]) == 9
    refused(partner.get("/nothing"), 404, "NoSuchResourceException")
    refused(partner("DELETE", "/events"), 405, "ImplementationException")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"GS1_EPCIS_Version": "2.0"}, 200),
        ({"GS1_EPCIS_Version": "1.2"}, 406),
        ({"GS1_EPCIS_Min": "2.1"}, 406),
        ({"GS1_EPCIS_Max": "1.2"}, 406),
        ({"GS1_EPCIS_Version": "two"}, 400),
        ({"GS1_EPC_Format": "Sometimes"}, 406),
        ({"Accept": "text/xml"}, 406),
        ({"Accept": "application/ld+json"}, 200),
    ],
)
def test_versions_and_spellings_are_negotiated(partner, headers, status):
    assert partner("GET", "/events", **headers).status_code == status


def test_too_much_at_once_is_refused_with_the_limits(partner):
    body = document(*[event(epcList=[sgtin(f"A{n}")]) for n in range(1_001)])
    answer = refused(partner.post("/capture", body), 413, "CaptureLimitExceededException")
    assert answer["GS1-EPCIS-Capture-Limit"] == "1000"
    answer = refused(
        partner.post("/capture", b" " * (5 * 2**20 + 1)), 413, "CaptureLimitExceededException"
    )
    assert answer["GS1-EPCIS-Capture-File-Size-Limit"] == str(5 * 2**20)
    hundred_thousand = (
        b'{"type": "EPCISDocument", "epcisBody": {"eventList": [' + b"{}," * 99_999 + b"{}]}}"
    )
    refused(partner.post("/capture", hundred_thousand), 413, "CaptureLimitExceededException")


@pytest.mark.parametrize("kind", ["text/xml", "application/x-www-form-urlencoded", ""])
def test_only_json_is_read(partner, kind):
    refused(partner.post("/capture", "x", kind=kind), 415, "UnsupportedMediaTypeException")


@pytest.mark.parametrize("path", ["/capture", "/events"])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "[",
        "[]",
        "{}",
        '"x"',
        '{"type": "ObjectEvent", "@context": "\\u0000"}',
        '{"a":' * 300 + "1" + "}" * 300,
        "[" * 50_000,
        '"\\ud800"',
        '{"type": "EPCISDocument", "x": "\\ud800"}',
    ],
)
def test_what_is_no_document_is_said_to_be_none(partner, path, body):
    refused(partner.post(path, body), 400, "ValidationException")


@pytest.mark.parametrize("path", ["/capture", "/events"])
@pytest.mark.parametrize(
    "extra", ['"\\ud800"', '{"a:b": "\\udfff"}', '{"a:b":' * 800 + "1" + "}" * 800]
)
def test_what_an_extension_smuggles_in_is_refused_and_no_accident(partner, path, extra):
    one = {"https://example.com/x": "HERE"} | event(epcList=[sgtin("A")])
    said = document(one) if path == "/capture" else {"@context": document()["@context"]} | one
    body = json.dumps(said).replace('"HERE"', extra)
    refused(partner.post(path, body), 400, "ValidationException")
    assert not Event.objects.exists()


def test_one_event_of_a_time_that_cannot_be_is_told_why(partner):
    late = event(epcList=[sgtin("A")], eventTime="9999-12-31T23:59:59-14:00")
    one = {"@context": document()["@context"]} | late | {"eventTimeZoneOffset": "-14:00"}
    refused(partner.post("/events", one), 400, "ValidationException")


def test_rollback_keeps_nothing_and_proceed_keeps_the_good(partner):
    said = document(event(epcList=[sgtin("A")]), event(epcList=[sgtin("B")], bizStep="strange"))
    refused(partner.post("/capture", said), 400, "ValidationException")
    assert not Event.objects.exists()
    job = partner.capture(said, GS1_Capture_Error_Behaviour="proceed")
    assert (job["success"], job["running"], job["captureErrorBehaviour"]) == (
        False,
        False,
        "proceed",
    )
    assert job["errors"][0]["instance"] == "eventList/1"
    assert Event.objects.count() == 1


def test_a_name_that_is_taken_fails_the_job_and_it_says_so(partner):
    first = event(epcList=[sgtin("A")], eventID="urn:uuid:1")
    partner.capture(document(first))
    job = partner.capture(document(event(epcList=[sgtin("B")]), first | {"bizStep": "shipping"}))
    assert not job["success"]
    assert Event.objects.count() == 1
    assert len(partner.get("/capture").json()) == 2


def test_the_same_document_under_the_same_key_is_one_job(partner):
    said = document(event(epcList=[sgtin("A")]))
    first, second = (partner.post("/capture", said, Idempotency_Key="k1") for _n in range(2))
    assert second.status_code == 202
    assert CaptureJob.objects.count() == 1


def test_errors_declared_come_with_the_event(partner):
    said = event(epcList=[sgtin("A")], eventID="urn:uuid:1")
    partner.capture(document(said))
    wrong = {"declarationTime": "2026-11-21T10:00:00Z", "reason": "did_not_occur"}
    partner.capture(document(said | {"errorDeclaration": wrong}))
    assert len(partner.found("/events/urn:uuid:1")) == 2
    assert len(partner.found(EXISTS_errorDeclaration="true")) == 1
    assert len(partner.found(EXISTS_errorDeclaration="false")) == 1
    assert len(partner.found(EQ_errorReason="did_not_occur")) == 1
    assert len(partner.found(GE_errorDeclarationTime="2026-11-21T10:00:00Z")) == 1
    assert not partner.found(LT_errorDeclarationTime="2026-11-21T10:00:00Z")


TIN, CASE, LOT = sgtin("A1"), sscc(1), "https://id.gs1.org/01/06901234567892/10/L7"


@pytest.fixture
def told(partner):
    """Five events of which each is different."""
    Place.objects.create(uri=gln(1), name="仓", facts={"urn:x:kind": "warehouse"})
    shelf = Place.objects.create(uri=gln(9), inside=Place.objects.get(uri=gln(1)))
    assert shelf.pk
    partner.capture(
        document(
            event(
                eventID="urn:e:1",
                epcList=[TIN],
                action="ADD",
                bizStep="commissioning",
                disposition="active",
                eventTime="2026-11-01T10:00:00+08:00",
                ilmd={"cbvmda:lotNumber": "L7", "example:fat": "3.5"},
            ),
            packed(CASE, [TIN], at="2026-11-02T10:00:00+08:00", eventID="urn:e:2"),
            event(
                eventID="urn:e:3",
                epcList=[CASE],
                bizStep="shipping",
                eventTime="2026-11-03T10:00:00+08:00",
                bizLocation={"id": gln(9)},
                bizTransactionList=[{"type": "po", "bizTransaction": "urn:x:po:1"}],
                sourceList=[{"type": "owning_party", "source": "urn:epc:id:pgln:6901234.00001"}],
                destinationList=[{"type": "location", "destination": gln(2)}],
                persistentDisposition={"set": ["completeness_verified"]},
                **{"example:box": {"example:colour": "red"}},
            ),
            event(
                eventID="urn:e:4",
                quantityList=[{"epcClass": LOT, "quantity": 12.5, "uom": "KGM"}],
                eventTime="2026-11-04T10:00:00+08:00",
            ),
            {
                "type": "TransformationEvent",
                "eventID": "urn:e:5",
                "eventTime": "2026-11-05T10:00:00+08:00",
                "eventTimeZoneOffset": "+08:00",
                "inputEPCList": [TIN],
                "outputEPCList": [sgtin("A9")],
                "inputQuantityList": [{"epcClass": LOT, "quantity": 3}],
                "transformationID": "urn:x:t:1",
                "bizStep": "commissioning",
            },
            **{
                "@context": [
                    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
                    {"example": "https://ns.example.com/epcis/"},
                ]
            },
        )
    )
    return partner


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({}, "12345"),
        ({"eventType": "ObjectEvent"}, "134"),
        ({"eventType": "AggregationEvent|TransformationEvent"}, "25"),
        ({"GE_eventTime": "2026-11-03T02:00:00Z"}, "345"),
        ({"LT_eventTime": "2026-11-03T02:00:00Z"}, "12"),
        ({"GE_recordTime": "2020-01-01T00:00:00Z"}, "12345"),
        ({"LT_recordTime": "2020-01-01T00:00:00Z"}, ""),
        ({"EQ_action": "ADD"}, "12"),
        ({"EQ_action": "ADD|OBSERVE"}, "1234"),
        ({"EQ_bizStep": "shipping"}, "3"),
        ({"EQ_bizStep": "https://ref.gs1.org/cbv/BizStep-shipping"}, "3"),
        ({"EQ_bizStep": "urn:epcglobal:cbv:bizstep:shipping|packing"}, "23"),
        ({"EQ_disposition": "active"}, "1"),
        ({"EQ_persistentDisposition_set": "completeness_verified"}, "3"),
        ({"EQ_persistentDisposition_unset": "completeness_verified"}, ""),
        ({"EQ_readPoint": gln(1)}, "1234"),
        ({"EQ_readPoint": "urn:epc:id:sgln:6901234.00001.0"}, "1234"),
        ({"EQ_bizLocation": gln(9)}, "3"),
        ({"EQ_bizLocation": gln(1)}, ""),
        ({"WD_bizLocation": gln(1)}, "3"),
        ({"WD_readPoint": gln(1)}, "1234"),
        ({"EQ_transformationID": "urn:x:t:1"}, "5"),
        ({"EQ_eventID": "urn:e:2|urn:e:4"}, "24"),
        ({"MATCH_epc": TIN}, "12"),
        ({"MATCH_epc": CASE}, "3"),
        ({"MATCH_parentID": CASE}, "2"),
        ({"MATCH_inputEPC": TIN}, "5"),
        ({"MATCH_outputEPC": TIN}, ""),
        ({"MATCH_outputEPC": sgtin("A9")}, "5"),
        ({"MATCH_anyEPC": TIN}, "125"),
        ({"MATCH_anyEPC": "urn:epc:id:sgtin:6901234.056789.A1"}, "125"),
        ({"MATCH_anyEPC": "urn:epc:idpat:sgtin:6901234.056789.*"}, "125"),
        ({"MATCH_anyEPC": f"{TIN}|{CASE}"}, "1235"),
        ({"MATCH_epcClass": LOT}, "4"),
        ({"MATCH_inputEPCClass": LOT}, "5"),
        ({"MATCH_outputEPCClass": LOT}, ""),
        ({"MATCH_anyEPCClass": "urn:epc:class:lgtin:6901234.056789.L7"}, "45"),
        ({"EQ_quantity": "3"}, "5"),
        ({"GT_quantity": "3"}, "4"),
        ({"GE_quantity": "3"}, "45"),
        ({"LT_quantity": "12.5"}, "5"),
        ({"LE_quantity": "12.5"}, "45"),
        ({"GE_quantity_KGM": "3"}, "4"),
        ({"EQ_bizTransaction_po": "urn:x:po:1"}, "3"),
        ({"EQ_bizTransaction_inv": "urn:x:po:1"}, ""),
        ({"EQ_source_owning_party": "https://id.gs1.org/417/6901234000016"}, "3"),
        ({"EQ_destination_location": gln(2)}, "3"),
        ({"EQ_ILMD_cbvmda:lotNumber": "L7"}, "1"),
        ({"EXISTS_ILMD_cbvmda:lotNumber": ""}, "1"),
        ({"GT_ILMD_example:fat": "3"}, "1"),
        ({"LT_ILMD_example:fat": "3"}, ""),
        ({"EXISTS_example:box": ""}, "3"),
        ({"EQ_INNER_example:colour": "red"}, "3"),
        ({"EQ_INNER_example:colour": "blue"}, ""),
        ({"HASATTR_readPoint": "urn:x:kind"}, "1234"),
        ({"EQATTR_readPoint_urn:x:kind": "warehouse"}, "1234"),
        ({"EQATTR_readPoint_urn:x:kind": "shop"}, ""),
        ({"MATCH_anyEPC": TIN, "EQ_action": "ADD", "EQ_bizStep": "packing"}, "2"),
        ({"orderBy": "eventTime", "orderDirection": "DESC", "eventCountLimit": "2"}, "54"),
        ({"orderBy": "eventTime", "orderDirection": "ASC", "eventCountLimit": "2"}, "12"),
        ({"maxEventCount": "5"}, "12345"),
    ],
)
def test_every_parameter_finds_what_it_should(told, asked, expected):
    found = [name[-1] for name in names(told.found(**asked))]
    assert "".join(found if "orderBy" in asked else sorted(found)) == expected


@pytest.mark.parametrize(
    "asked",
    [
        {"GE_eventDate": "2026-01-01T00:00:00Z"},
        {"GE_eventTime": "yesterday"},
        {"GE_eventTime": "2026-01-01T00:00:00"},
        {"EQ_action": "SHIPPED"},
        {"orderBy": "size"},
        {"orderBy": "eventTime", "orderDirection": "SIDEWAYS"},
        {"eventCountLimit": "2"},
        {"eventCountLimit": "2", "maxEventCount": "2", "orderBy": "eventTime"},
        {"eventCountLimit": "0", "orderBy": "eventTime"},
        {"perPage": "-1"},
        {"perPage": "many"},
        {"nextPageToken": "nonsense"},
        {"EQ_quantity": "lots"},
        {"EQ_quantity": "nan"},
        {"MATCH_anyEPC": "https://id.gs1.org/01/06901234567893/21/1"},
        {"MATCH_anyEPC": ""},
        {"EXISTS_errorDeclaration": "perhaps"},
        {"EQATTR_readPoint": "x"},
        {"EQ_bizStep": "a\0b"},
    ],
)
def test_a_parameter_that_cannot_be_is_refused_and_never_ignored(partner, asked):
    refused(partner.get("/events", **asked), 400, "QueryParameterException")


def test_a_parameter_given_twice_is_refused(partner):
    answer = partner("GET", "/events?EQ_action=ADD&EQ_action=DELETE")
    refused(answer, 400, "QueryParameterException")


def test_sensors_are_not_served_and_it_is_said(partner):
    refused(partner.get("/events", EQ_deviceID="urn:x"), 501, "ImplementationException")


def test_more_than_asked_for_is_too_large(told):
    refused(told.get("/events", maxEventCount=4), 413, "QueryTooLargeException")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
@pytest.mark.parametrize("order", [{}, {"orderBy": "eventTime", "orderDirection": "ASC"}])
def test_pages_make_the_whole_without_gaps_while_more_comes_in(told, size, order):
    whole, path, turns = [], "/events", 0
    answer = told.get(path, perPage=size, **order)
    while True:
        page = answer.json()["epcisBody"]["queryResults"]["resultsBody"]["eventList"]
        whole += names(page)
        turns += 1
        told.capture(
            document(event(epcList=[sgtin(f"N{turns}")], eventTime="2026-12-01T10:00:00Z"))
        )
        if "Link" not in answer or turns > 12:
            break
        address = answer["Link"].split(";")[0].strip("<>")
        answer = told("GET", address.removeprefix("/api/v1/epcis"))
    assert [n for n in whole if n.startswith("urn:e:")] == [f"urn:e:{n}" for n in range(1, 6)]
    assert len(whole) == len(set(whole))


def test_an_address_that_is_too_long_is_refused(partner):
    refused(partner.get("/events", MATCH_anyEPC="x" * 13_000), 414, "URITooLongException")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/eventTypes/TransformationEvent/events", "5"),
        (f"/epcs/{CASE.replace('/', '%2F')}/events", "23"),
        (f"/epcs/{CASE}/events", "23"),
        ("/epcs/urn:epc:id:sgtin:6901234.056789.A1/events", "125"),
        ("/bizSteps/packing/events", "2"),
        (f"/bizLocations/{gln(9)}/events", "3"),
        (f"/readPoints/{gln(1)}/events", "1234"),
        ("/dispositions/active/events", "1"),
    ],
)
def test_events_are_found_by_browsing(told, path, expected):
    assert "".join(sorted(n[-1] for n in names(told.found(path)))) == expected


def test_what_there_is_can_be_browsed_by_the_page(told):
    def members(path, **params):
        return told.get(path, **params).json()["member"]

    assert len(members("/eventTypes")) == 5
    assert set(members("/bizSteps")) == {"commissioning", "packing", "shipping", "receiving"}
    assert members("/bizLocations") == [gln(9)]
    assert members("/readPoints") == [gln(1)]
    assert set(members("/epcs")) == {TIN, CASE, sgtin("A9")}
    first = told.get("/epcs", perPage=2)
    assert len(first.json()["member"]) == 2
    assert 'rel="next"' in first["Link"]
    assert members("/bizSteps/packing") == ["events"]
    refused(told.get("/bizSteps/arriving"), 404, "NoSuchNameException")
    refused(told.get("/epcs/urn:nothing"), 404, "NoSuchNameException")


def test_a_question_is_kept_under_its_name(told):
    query = {"EQ_bizStep": ["packing", "shipping"], "GE_quantity": None}
    refused(
        told.post("/queries", {"name": "moves", "query": query}), 400, "QueryParameterException"
    )
    del query["GE_quantity"]
    made = told.post("/queries", {"name": "moves", "query": query})
    assert made.status_code == 201
    assert made["Location"].endswith("/queries/moves")
    refused(
        told.post("/queries", {"name": "moves", "query": {}}), 409, "ResourceAlreadyExistsException"
    )
    assert names(told.found("/queries/moves/events")) == ["urn:e:2", "urn:e:3"]
    assert [q["name"] for q in told.get("/queries").json()] == ["moves"]
    assert told("DELETE", "/queries/moves").status_code == 204
    refused(told.get("/queries/moves/events"), 404, "NoSuchNameException")


def test_a_link_is_the_spelling_unless_another_is_asked_for(partner):
    urn = "urn:epc:id:sgtin:6901234.056789.A1"
    partner.capture(document(event(epcList=[urn], eventID="urn:e:1")))
    assert partner.found()[0]["epcList"] == [TIN]
    for spelling, shown in (("Never_Translates", urn), ("Always_EPC_URN", urn)):
        answer = partner("GET", "/events", GS1_EPC_Format=spelling).json()
        assert answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["epcList"] == [
            shown
        ]


def test_a_url_without_the_prefix_stays_a_link(partner):
    partner.capture(document(event(epcList=[TIN], eventID="urn:e:1")))
    answer = partner("GET", "/events", GS1_EPC_Format="Always_EPC_URN").json()
    assert answer["epcisBody"]["queryResults"]["resultsBody"]["eventList"][0]["epcList"] == [TIN]


def test_a_database_row_is_written_once_for_each_thing(partner):
    partner.capture(document(packed(CASE, [TIN, sgtin("A2")])))
    assert UnitEvent.objects.count() == 3
    assert json.dumps(partner.found()[0])


def test_no_sale_of_a_family_is_in_any_answer(partner):
    assert "household" not in partner.get("/openapi.json").content.decode()


def test_an_unknown_parameter_is_named_with_those_that_there_are(partner):
    said = refused(
        partner.get("/events", EQ_bizstep="shipping"), 400, "QueryParameterException"
    ).json()
    assert "EQ_bizstep" in said["detail"]
    assert "EQ_bizStep, " in said["detail"]
    said = refused(partner.get("/capture", page="2"), 400, "QueryParameterException").json()
    assert said["detail"] == "这里没有参数 page。可用的有：nextPageToken, perPage。"


@pytest.mark.parametrize(
    "path", ["", "/capture/1", "/events/urn:x", "/queries/x", "/bizSteps/shipping"]
)
def test_where_no_parameter_is_none_is_ignored(partner, path):
    refused(partner.get(path, x="1"), 400, "QueryParameterException")


def test_subscriptions_are_listed_page_by_page(partner):
    partner.post("/queries", {"name": "moves", "query": {"eventType": ["ObjectEvent"]}})
    for n in range(3):
        told = {"dest": f"https://93.184.216.34/{n}", "stream": True, "signatureToken": "s" * 32}
        assert partner.post("/queries/moves/subscriptions", told).status_code == 201
    first = partner.get("/queries/moves/subscriptions", perPage="2")
    assert len(first.json()) == 2
    assert 'rel="next"' in first["Link"]
    rest = partner.get("/queries/moves/subscriptions", perPage="2", nextPageToken="2")
    assert [one["dest"] for one in rest.json()] == ["https://93.184.216.34/2"]
    assert "Link" not in rest
