"""The files that others wrote are judged as their manifest says, and fingerprinted alike."""

import pytest

from warmline.goods.trace.epcis import documents
from warmline.goods.trace.epcis.hashing import event_hash, pre_hash
from warmline.goods.trace.tests.conformance import INVALID, VALID, VECTORS, WITH_EVENTS, given


def test_the_set_is_whole():
    assert len(given("query-body", "invalid-query-body", "digital-link")) + len(WITH_EVENTS) == 61
    assert sum(g.n_events for g in WITH_EVENTS) == 116


@pytest.mark.parametrize("file", VALID, ids=str)
def test_a_valid_file_is_read_with_all_its_events(file):
    document = documents.read(file.body)
    assert len(document.events) == file.n_events
    assert not document.wrong


@pytest.mark.parametrize("file", INVALID, ids=str)
def test_an_invalid_file_is_refused_and_says_why(file):
    with pytest.raises(documents.Invalid) as refused:
        documents.read(file.body)
    assert refused.value.errors[0].detail


@pytest.mark.parametrize("file", VECTORS, ids=str)
def test_our_fingerprint_is_everybodys(file):
    document = documents.read(file.body)
    texts = [line for line in file.companion(".prehashes") if line]
    expected = [line for line in file.companion(".hashes") if line]
    for (_place, event), text, ni in zip(document.events, texts, expected, strict=True):
        if "AllGS1Keys" not in file.file:  # its text was mangled upstream; its hash is right
            assert pre_hash(event, document.context, document.ignored) == text
        assert event_hash(event, document.context, document.ignored) == ni


@pytest.mark.parametrize("file", given("hash-equal"), ids=str)
def test_two_spellings_of_one_event_have_one_fingerprint(file):
    document = documents.read(file.body)
    assert len({event_hash(event, document.context) for _n, event in document.events}) == 1


def test_with_proceed_the_good_events_of_a_bad_document_are_kept():
    (mixed,) = [g for g in INVALID if "in_second_event" in g.file]
    document = documents.read(mixed.body, proceed=True)
    assert [place for place, _event in document.events] == [0]
    assert [wrong.index for wrong in document.wrong] == [1]
