"""While a file is tried out no family waits for it, and while it comes in only for its last moment."""

import psycopg
import pytest
from django.db import connection

from warmline.core.people.models import Child, Household, Member
from warmline.service.intake import checking
from warmline.service.intake.progress import Teller

pytestmark = pytest.mark.django_db(transaction=True)
HEADS = "会员卡号,会员姓名,手机号,宝宝姓名,宝宝生日,开卡门店,导购,会员等级,同意\n"
FIRST = HEADS + "V1,林晓,13912345678,安安,2026-05-01,S001,,银卡,是\n"
NOW = (
    HEADS
    + "V1,林晓,13912345679,安安,2026-05-03,S001,G01,金卡,是\n"
    + "V2,陈雨,13912345670,乐乐,2026-06-01,S001,G01,,是\n"
)
BABIES = "会员卡号,宝宝姓名,宝宝生日,喂养方式,同意\nV1,安安,2026-05-04,混合,是\n"
TABLES = (Household, Member, Child)


@pytest.fixture(autouse=True)
def one_row_a_batch(monkeypatch):
    monkeypatch.setattr(checking, "BATCH", 1)


@pytest.fixture
def held(monkeypatch):
    """After each batch: which rows somebody else could not have changed just then."""
    found, step = [], Teller.step
    where = connection.get_connection_params()
    keys = ("host", "port", "dbname", "user", "password")
    dsn = {k: where[k] for k in keys if where.get(k)}

    def look(tell, many):
        with psycopg.connect(**dsn, autocommit=True) as other:
            for table in TABLES:
                try:
                    other.execute(f'SELECT 1 FROM "{table._meta.db_table}" FOR UPDATE NOWAIT')
                except psycopg.errors.LockNotAvailable:
                    found.append(table._meta.db_table)
        seen.append(many)
        step(tell, many)

    seen: list[int] = []
    monkeypatch.setattr(Teller, "step", look)
    yield found
    assert seen, "nobody looked"


def test_a_dry_run_of_families_that_change_holds_none_of_them(bring, store, zhou, held):
    bring(FIRST, commit=True)
    held.clear()
    file = bring(NOW)
    assert (file.counts["changed"], file.counts["new"]) == (1, 1)
    assert held == []
    home = Household.objects.get()
    assert (home.tier, home.home_guide) == (Household.Tier.REGULAR, None)
    assert Member.objects.get().phone == "+8613912345678"


def test_a_dry_run_of_babies_that_change_holds_none_of_them(bring, store, zhou, held):
    bring(FIRST, commit=True)
    held.clear()
    assert bring(BABIES, kind="babies").counts["changed"] == 1
    assert held == []


def test_a_commit_writes_what_changes_at_its_end(bring, store, zhou, held):
    bring(FIRST, commit=True)
    held.clear()
    bring(NOW, commit=True)
    assert held == []
    changed, new = Household.objects.order_by("pk")
    assert (changed.tier, changed.home_guide) == (Household.Tier.GOOD, zhou)
    assert new.home_guide == zhou
    assert Member.objects.get(member_no="V1").phone == "+8613912345679"
    born = {child.name: str(child.born_on) for child in Child.objects.all()}
    assert born == {"安安": "2026-05-03", "乐乐": "2026-06-01"}


@pytest.mark.parametrize("commit", [False, True])
def test_later_rows_know_what_earlier_ones_changed(bring, store, zhou, held, commit):
    """A batch ago a phone was put right and a card number given: neither is written yet."""
    bring(HEADS + ",林晓,13912345678,,,S001,,,\n", commit=True)
    rows = (
        "V1,林晓,13912345678,,,S001,,,",  # gives her a number
        "V1,林晓,13912345679,,,S001,,,",  # and another phone
        ",林晓,13912345679,,,S001,,金卡,",  # by which she is known now
        ",林晓,13912345678,,,S001,,,",  # somebody else by the old one
        "V1,林晓,13912345679,,,S001,,金卡,",
    )
    file = bring(HEADS + "\n".join(rows) + "\n", commit=commit)
    counts = {name: file.counts.get(name, 0) for name in ("changed", "new", "same")}
    assert counts == {"changed": 3, "new": 1, "same": 1}
    assert Household.objects.count() == (2 if commit else 1)
    if commit:
        hers = Member.objects.get(member_no="V1")
        assert (hers.phone, hers.household.tier) == ("+8613912345679", Household.Tier.GOOD)
