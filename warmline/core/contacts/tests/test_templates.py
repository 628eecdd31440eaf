"""A short message leaves as a text that the carriers approved; the chain says which is which."""

import pytest

from warmline.core.contacts.channels import Reason, Refused
from warmline.core.contacts.channels.templates import approved, read
from warmline.core.contacts.tests.posting import Letter

OURS = Letter(template="desk.opened", params=[("store", "浦东店"), ("code", "00012-5")])


def test_a_kind_with_a_template_of_its_own_leaves_with_its_values_in_their_order():
    templates = read("desk.opened=SMS_1, *=SMS_2 ,broken=,")
    assert approved(OURS, templates) == ("SMS_1", {"store": "浦东店", "code": "00012-5"})


def test_every_other_kind_leaves_by_the_general_one_with_its_whole_words():
    code, values = approved(OURS, read("*=SMS_2"))
    assert (code, values) == ("SMS_2", {"text": OURS.text})
    assert approved(Letter(template=""), read("*=SMS_2"))[0] == "SMS_2"


def test_a_providers_own_code_needs_no_entry():
    assert approved(Letter(), {})[0] == "SMS_154950909"


@pytest.mark.parametrize("template", ["", "desk.opened"])
def test_without_an_approved_text_nothing_leaves_and_it_says_what_to_set(template):
    with pytest.raises(Refused, match="WARMLINE_SMS_TEMPLATES") as refused:
        approved(Letter(template=template), {})
    assert refused.value.reason == Reason.TEMPLATE
