"""A short message leaves as a text that the carriers approved; the chain says which is which."""

import ast
from pathlib import Path

import pytest

from warmline.core.contacts.channels import Reason, Refused
from warmline.core.contacts.channels.templates import TEXTS, amiss, approved, read, values_of
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


def test_a_text_may_have_fewer_values_than_we_have():
    templates = read("desk.opened=SMS_1:code")
    assert approved(OURS, templates) == ("SMS_1", {"code": "00012-5"})
    with pytest.raises(Refused, match="nonsense"):
        approved(OURS, read("desk.opened=SMS_1:nonsense"))


def test_which_kinds_have_no_text_of_their_own_and_which_names_are_none():
    without, unknown = amiss("desk.opened=SMS_1:code+place,desk.wort=SMS_2,*=SMS_3")
    assert "desk.opened" not in without
    assert {"desk.word", "staff.word", "recall.told", "guide.words"} <= set(without)
    assert unknown == ["desk.wort", "desk.opened:place"]
    assert amiss(",".join(f"{kind}=SMS_1" for kind in TEXTS)) == ([], [])


def test_every_kind_stands_in_the_docs_with_its_values_and_its_text():
    docs = (Path(__file__).parents[4] / "docs" / "channels.md").read_text(encoding="utf-8")
    for kind, text in TEXTS.items():
        assert f"| `{kind}` | `{' '.join(values_of(kind))}` | {text} |" in docs


def test_no_short_message_is_without_a_kind():
    """Whoever queues one names its kind, or takes what `writing` says of it."""
    code = Path(__file__).parents[3]
    for file in code.rglob("*.py"):
        if "tests" in file.parts:
            continue
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func) in ("queue", "sending.queue"):
                named = {word.arg for word in call.keywords}
                assert named & {"template", None}, f"{file.name}:{call.lineno}"
