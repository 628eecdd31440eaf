"""A sealed file is read as it was written, or not at all."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.base.sealed import CHUNK, HEADER, TAG, Damaged, OtherKey, Sealer, unsealed

KEY = b"k" * 32


def seal(plain: bytes) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, KEY)
    for start in range(0, len(plain), 300_000):
        sealer.write(plain[start : start + 300_000])
    sealer.close()
    return out.getvalue()


def unseal(sealed: bytes, key: bytes = KEY) -> bytes:
    return b"".join(unsealed(io.BytesIO(sealed), key))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 17])
def test_what_goes_in_comes_out(size):
    plain = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert unseal(seal(plain)) == plain


SEALED = seal(b"x" * (2 * CHUNK + 100))


@given(place=st.integers(0, len(SEALED) - 1), bit=st.integers(0, 7))
@settings(max_examples=60, deadline=None)
def test_any_bit_that_flips_is_found(place, bit):
    changed = bytearray(SEALED)
    changed[place] ^= 1 << bit
    with pytest.raises((Damaged, OtherKey)):
        unseal(bytes(changed))


@given(length=st.integers(0, len(SEALED) - 1))
@settings(max_examples=40, deadline=None)
def test_any_cut_is_found(length):
    with pytest.raises(Damaged):
        unseal(SEALED[:length])


def test_a_cut_at_a_chunks_edge_is_found():
    with pytest.raises(Damaged):
        unseal(SEALED[: HEADER + CHUNK + TAG])


def test_chunks_that_change_places_are_found():
    one, two = HEADER, HEADER + CHUNK + TAG
    swapped = SEALED[:one] + SEALED[two : two + CHUNK + TAG] + SEALED[one:two]
    with pytest.raises(Damaged):
        unseal(swapped + SEALED[two + CHUNK + TAG :])


def test_more_at_the_end_is_found():
    with pytest.raises(Damaged):
        unseal(SEALED + b"\0")


def test_two_files_never_look_alike():
    assert seal(b"the same")[HEADER:] != seal(b"the same")[HEADER:]


def test_another_key_is_told_from_damage():
    with pytest.raises(OtherKey):
        unseal(SEALED, b"z" * 32)
