"""Why now, in one sentence; and nothing rather than a crash where the facts do not say."""

from datetime import date

import pytest

from warmline.service.care import kinds
from warmline.service.care.explaining import reasons, why_now

TODAY = date(2026, 11, 21)
FACTS = {
    "category": "formula",
    "p10_on": "2026-11-22",
    "p50_on": "2026-11-24",
    "p90_on": "2026-11-27",
    "last_on": "2026-11-01",
}


def why(kind, facts):
    return why_now(kind, facts, names={"formula": "奶粉"}, today=TODAY)


def test_a_run_out_says_which_day_and_how_sure_it_is():
    assert "奶粉" in why(kinds.RUN_OUT, FACTS)
    assert "11月24日" in why(kinds.RUN_OUT, FACTS) or "周二" in why(kinds.RUN_OUT, FACTS)


@pytest.mark.parametrize("kind", [kinds.RUN_OUT, kinds.QUIET])
@pytest.mark.parametrize("missing", ["category", "p50_on", None])
def test_a_chains_own_playbook_may_promise_it_for_another_reason(kind, missing):
    facts = {k: v for k, v in FACTS.items() if k != missing} if missing else {}
    assert why(kind, facts) == ""


def test_what_the_family_said_is_told_from_what_is_reckoned():
    facts = {"supply": 1200.0, "stock_asked": True, "shop_share": 0.5, "purchases": 3}
    said = dict(reasons(facts, unit="克"))
    assert said["家里还有（对方说的）"] == "1,200 克"
    assert said["在我们这买的比例（对方说的）"] == "50%"
    reckoned = dict(reasons(facts | {"stock_asked": False, "shop_share": 1.0}, unit="克"))
    assert "家里还有（对方说的）" not in reckoned
    assert "在我们这买的比例（对方说的）" not in reckoned
