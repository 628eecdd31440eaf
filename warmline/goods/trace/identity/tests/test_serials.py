"""Printed serials are one hundred bits that tell nobody anything, and are arithmetic to us."""

from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.goods.trace.identity import serials


def test_a_serial_leads_back_to_its_batch_and_place():
    for batch, first in ((1, 0), (7, 23_990), (2**31 - 1, serials.INDEX_MAX - 10)):
        printed = serials.write_many(batch, first, 10)
        assert serials.read_many(printed) == [(batch, first + n) for n in range(10)]


def test_neighbours_look_nothing_alike():
    printed = serials.write_many(3, 0, 2_000)
    assert len(set(printed)) == 2_000
    assert len({one[:4] for one in printed}) > 1_900
    assert all(len(one) == 20 and set(one) <= set(serials.ALPHABET) for one in printed)


def test_a_serial_that_was_misread_is_read_right():
    (printed,) = serials.write_many(3, 5, 1)
    spoken = printed.lower().replace("0", "o").replace("1", "l")
    assert serials.read(spoken) == (3, 5)


def test_one_changed_letter_is_no_serial_of_ours():
    (printed,) = serials.write_many(3, 5, 1)
    changed = [
        printed[:n] + letter + printed[n + 1 :]
        for n in range(20)
        for letter in serials.ALPHABET
        if letter != printed[n]
    ]
    assert set(serials.read_many(changed)) == {None}


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_whatever_is_typed_is_answered(text):
    assert serials.read(text) is None
