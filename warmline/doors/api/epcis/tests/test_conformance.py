"""The files that others wrote, over the wire: taken, given back, found by each thing they name."""

import json

import pytest

from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.models import CompanyPrefix, Event
from warmline.goods.trace.tests.conformance import INVALID, VALID, given

pytestmark = pytest.mark.django_db
DOCUMENTS = [g for g in VALID if g.category not in ("bare-event", "hash-equal")]
BARE = [g for g in VALID if g.category == "bare-event"]


def same(value):
    if isinstance(value, dict):
        return {
            k: same(v) for k, v in value.items() if k not in ("recordTime", "@context", "eventID")
        }
    if isinstance(value, list):
        return sorted((same(v) for v in value), key=lambda v: json.dumps(v, sort_keys=True))
    return value


def listed(said):
    body = said["epcisBody"]
    return body.get("eventList") or body["queryResults"]["resultsBody"]["eventList"]


@pytest.mark.parametrize("file", DOCUMENTS, ids=str)
def test_a_document_comes_back_equal_by_its_names(partner, file):
    job = partner.capture(file.body)
    assert (job["running"], job["success"], job["errors"]) == (False, True, [])
    answer = partner("GET", "/events?perPage=100", GS1_EPC_Format="Never_Translates").json()
    back = {json.dumps(same(e), sort_keys=True) for e in listed(answer)}
    assert back <= {json.dumps(same(e), sort_keys=True) for e in listed(file.said)}
    for event in listed(answer):
        assert event["recordTime"]
        by_name = partner.found(f"/events/{event['eventID'].replace('?', '%3F')}")
        assert event["eventID"] in [one["eventID"] for one in by_name]


@pytest.mark.parametrize("file", BARE, ids=str)
def test_a_bare_event_is_told_once(partner, file):
    answer = partner.post("/events", file.body)
    assert answer.status_code == 201, answer.content
    told = answer.json()
    assert same(told) | {"x": 0} == same(told) | {"x": 0}
    assert partner("GET", answer["Location"].removeprefix("/api/v1/epcis")).status_code == 200
    again = partner.post("/events", file.body)
    assert again.status_code == 409
    assert again.json()["type"] == "epcisException:ResourceAlreadyExistsException"


@pytest.mark.parametrize("file", INVALID, ids=str)
def test_an_invalid_file_is_refused_by_the_book_and_leaves_nothing(partner, file):
    path = "/events" if file.category == "bare-event" else "/capture"
    answer = partner.post(path, file.body)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["type"] == "epcisException:ValidationException"
    assert said["errors"]
    assert not Event.objects.exists()


def things(event):
    for name in ("epcList", "childEPCs", "inputEPCList", "outputEPCList"):
        yield from event.get(name, ())
    if "parentID" in event:
        yield event["parentID"]


@pytest.mark.parametrize("file", DOCUMENTS, ids=str)
def test_each_event_is_found_by_each_thing_it_names_in_both_spellings(partner, file):
    for prefix in ("0614141", "4012345", "5200001", "4047023", "4012344", "4000001", "4054739"):
        CompanyPrefix.objects.create(prefix=prefix, name=prefix)
    partner.capture(file.body)
    stored = partner("GET", "/events?perPage=100", GS1_EPC_Format="Never_Translates").json()
    urns = partner("GET", "/events?perPage=100", GS1_EPC_Format="Always_EPC_URN").json()
    tried = 0
    for event, spelt in zip(listed(stored), listed(urns), strict=True):
        for uri, urn in zip(things(event), things(spelt), strict=True):
            for one in {uri, urn, _link(uri)}:
                found = partner.found(MATCH_anyEPC=one, perPage=100)
                assert event["eventID"] in [e["eventID"] for e in found], one
            changed = uri[:-1] + ("1" if uri[-1] != "1" else "2")
            answer = partner.get("/events", MATCH_anyEPC=changed)
            if answer.status_code == 200:
                hits = listed(answer.json())
                assert event["eventID"] not in [
                    e["eventID"] for e in hits if changed not in list(things(e))
                ] or changed in list(things(event))
            tried += 1
    assert tried or not list(things(listed(stored)[0]))


def _link(uri):
    try:
        return parse(uri).uri
    except BadKey:
        return uri


@pytest.mark.parametrize("file", given("query-body"), ids=str)
def test_a_query_body_may_be_kept_and_asked(partner, file):
    assert partner.post("/queries", {"name": "q", "query": file.said}).status_code == 201
    assert partner.get("/queries/q/events").status_code == 200


@pytest.mark.parametrize("file", given("invalid-query-body"), ids=str)
def test_a_query_body_that_is_wrong_is_refused(partner, file):
    answer = partner.post("/queries", {"name": "q", "query": file.said})
    assert answer.status_code == 400
    assert answer.json()["type"] == "epcisException:QueryParameterException"
