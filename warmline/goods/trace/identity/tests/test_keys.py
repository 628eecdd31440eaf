"""One thing has one name, however it was spelt; what is no key is told from what is."""

import json

import pytest

from warmline.goods.trace.identity.keys import BadKey, parse
from warmline.goods.trace.identity.scanned import read
from warmline.goods.trace.identity.urns import as_urn
from warmline.goods.trace.tests.conformance import DATA

TIN = "https://id.gs1.org/01/04012345123456/21/AB12"


@pytest.mark.parametrize(
    "spelt",
    [
        "urn:epc:id:sgtin:4012345.012345.AB12",
        "https://id.gs1.org/01/04012345123456/21/AB12",
        "http://id.gs1.org/01/04012345123456/21/AB12",
        "https://milk.example/trace/01/04012345123456/10/L7/21/AB12?17=271231#top",
        "https://id.gs1.org/01/04012345123456/22/2A/10/L7/21/AB12/",
        "https://id.gs1.org/gtin/4012345123456/ser/AB12",
        "https://id.gs1.org/01/4012345123456/21/AB12",
    ],
)
def test_one_tin_has_one_name(spelt):
    assert parse(spelt).uri == TIN


@pytest.mark.parametrize(
    ("spelt", "reason"),
    [
        ("https://id.gs1.org/01/04012345123457/21/AB12", "check_digit"),
        ("https://milk.example/01/04012345123457/21/AB12", "check_digit"),
        ("urn:epc:id:sgtin:4012345.01234.AB12", "urn"),
        ("urn:epc:id:sgtin:4012345.012345", "length"),
        ("urn:epc:id:sscc:4012345.000000033", "urn"),
        ("urn:epc:id:sgtin:x.012345.1", "company_prefix"),
        ("https://id.gs1.org/21/AB12/01/04012345123456", "order"),
        ("https://id.gs1.org/01/04012345123456/21/AB12/10/L7", "order"),
        ("https://id.gs1.org/01/04012345123456/21/A/21/B", "order"),
        ("https://id.gs1.org/01/04012345123456/21/" + "A" * 21, "characters"),
        ("https://id.gs1.org/01/04012345123456/21/%E6%9D%8E", "characters"),
        ("https://id.gs1.org/01/04012345123456/21", "path"),
        ("https://id.gs1.org/01/0401234512345/21/AB12", "check_digit"),
        ("https://id.gs1.org/01/040123451234/21/AB12", "check_digit"),
        ("https://milk.example/01/04012345123/21/AB12", "length"),
        ("https://id.gs1.org/AQnYUc1gmiERBhQvECc", "compressed"),
        ("https://id.gs1.org/nothing/of/ours", "unknown_key"),
        ("https://id.gs1.org/01/" + "0" * 400, "too_long"),
        ("https://id.gs1.org/01/04012345123456/21/A\0", "control_character"),
    ],
)
def test_what_looks_like_a_key_and_is_none_is_refused(spelt, reason):
    with pytest.raises(BadKey) as refused:
        parse(spelt)
    assert refused.value.reason == reason


@pytest.mark.parametrize("uri", ["urn:uuid:1", "https://milk.example/tins/7", "example:thing"])
def test_a_partners_own_names_are_kept(uri):
    assert parse(uri).uri == uri
    assert not parse(uri).kind


def test_every_gs1_key_has_its_link():
    said = json.loads((DATA / "hash-vectors/epcisDocWithAllGS1Keys.jsonld").read_text())
    (event,) = said["epcisBody"]["eventList"]
    assert all(parse(epc).is_instance for epc in event["epcList"])
    assert all(parse(one["epcClass"]).is_class for one in event["quantityList"])


@pytest.mark.parametrize(
    "urn",
    [
        "urn:epc:id:sgtin:4012345.012345.AB%2F12",
        "urn:epc:id:sscc:4012345.0000000333",
        "urn:epc:id:sgln:4012345.00011.987",
        "urn:epc:id:sgln:4012345.00011.0",
        "urn:epc:id:pgln:4012345.00011",
        "urn:epc:class:lgtin:4012345.012345.L7",
        "urn:epc:idpat:sgtin:4012345.012345.*",
        "urn:epc:id:grai:4012345.66666.87",
        "urn:epc:id:gdti:4012345.55555.98",
    ],
)
def test_the_way_back_needs_the_prefixs_length(urn):
    link = parse(urn).uri
    assert link.startswith("https://id.gs1.org/")
    assert as_urn(link, lambda digits: 7 if digits.startswith("4012345") else None) == urn
    assert as_urn(link, lambda digits: None) == link


def test_a_slash_in_a_serial_survives_both_ways():
    assert parse("urn:epc:id:sgtin:4012345.012345.A%2FB").uri.endswith("/21/A%2FB")


@pytest.mark.parametrize(
    "text",
    [
        "(01)04012345123456(10)L7(21)AB12",
        "010401234512345610L7\x1d21AB12",
        "]d2010401234512345610L7\x1d21AB12",
        "]Q3\x1d010401234512345610L7\x1d21AB12",
        "HTTPS://TRACE.EXAMPLE/01/04012345123456/21/AB12",
        " https://trace.example/01/04012345123456/10/L7/21/AB12 ",
        "urn:epc:id:sgtin:4012345.012345.AB12",
    ],
)
def test_whatever_scanner_read_it_the_tin_is_known(text):
    assert read(text).uri == TIN


def test_a_label_says_its_lot_and_its_last_day():
    said = read("01040123451234561727123110L7\x1d21AB12")
    assert (said.lot, str(said.expires_on), said.serial) == ("L7", "2027-12-31", "AB12")


@pytest.mark.parametrize(
    ("text", "uri"),
    [("4012345123456", "/01/04012345123456"), ("040123450000003338", "/00/040123450000003338")],
)
def test_a_bare_number_is_a_kind_of_goods_or_a_pallet(text, uri):
    assert read(text).uri == "https://id.gs1.org" + uri


@pytest.mark.parametrize(
    "text",
    ["", "hello", "4012345123457", "(01)04012345123457(21)A", "李", "\0", "0" * 400, "(21)A"],
)
def test_what_is_no_code_is_said_to_be_none(text):
    with pytest.raises(BadKey):
        read(text)
