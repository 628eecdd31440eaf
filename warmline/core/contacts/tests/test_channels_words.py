"""What fits into a message, and which numbers can take one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warmline.core.contacts.channels import Refused, numbers, words


@pytest.mark.parametrize(
    ("text", "parts"),
    [("", 1), ("奶" * 70, 1), ("奶" * 71, 2), ("奶" * 134, 2), ("奶" * 135, 3), ("a" * 71, 2),
     ("🎉" * 35, 1), ("🎉" * 36, 2)],
)  # fmt: skip
def test_seventy_characters_are_one_message_and_more_are_pieces_of_sixty_seven(text, parts):
    assert words.parts(text) == parts


def test_the_signature_counts_too():
    assert words.parts("奶" * 66, sign_name="暖线") == 1
    assert words.parts("奶" * 67, sign_name="暖线") == 2


def test_what_cannot_be_shown_is_left_out_and_emoji_stay():
    assert words.clean("王\x00\x07女\x7f士\ud83d\n\t🎉") == "王女士\n\t🎉"
    assert words.one_line("今天\r\nBcc: all@shop.example") == "今天 Bcc: all@shop.example"


@settings(deadline=None)
@given(st.text())
def test_clean_words_can_always_be_sent(text):
    clean = words.clean(text)
    clean.encode()
    assert "\x00" not in clean
    assert words.clean(clean) == clean


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("13800138000", "+8613800138000"), ("8613800138000", "+8613800138000"),
     ("+8613800138000", "+8613800138000"), ("008613800138000", "+8613800138000"),
     ("85260001234", "+85260001234"), ("138 0013-8000", "+8613800138000")],
)  # fmt: skip
def test_numbers_come_back_in_one_form(theirs, ours):
    assert numbers.from_provider(theirs) == ours


def test_a_number_abroad_keeps_its_country():
    assert numbers.from_provider("60001234", country="852") == "+85260001234"
    assert numbers.without_plus("+85260001234") == "85260001234"


@settings(deadline=None)
@given(st.text(alphabet="0123456789+-() １٣\n", max_size=20))
def test_only_plain_digits_after_a_plus_are_a_number(text):
    try:
        assert numbers.callable_number(text) == text
    except Refused:
        return
    assert text[0] == "+"
    assert text[1:].isascii()
    assert text[1:].isdigit()
