"""The example speaks our files' language, and reads American packs as they are meant."""

import csv
from datetime import date

import pytest

from examples import complete_journey
from examples.panel_packs import READERS, category_of, content_of
from warmline.base.sheets.heads import guess

KINDS = ("stores", "staff", "products", "members", "sales")


@pytest.mark.parametrize(
    ("category", "size", "holds"),
    [
        ("formula", "242 REC OZ", 242),
        ("formula", "13 OZ", 26),
        ("formula", "32 OZ", 32),
        ("formula", "25.7 OZ", 25.7 * 7.3),
        ("formula", "6 PK/8 OZ", 48),
        ("diapers", "40 CT", 40),
        ("wipes", "72 CT", 72),
        ("baby_food", "2/4 OZ", 8),
        ("baby_food", "4 OZ", 4),
    ],
)
def test_a_pack_holds_what_its_size_says(category, size, holds):
    assert READERS[category](size) == pytest.approx(holds)


def test_without_a_size_the_price_says_it():
    assert content_of("diapers", "", price=10.0) == pytest.approx(35.8)


def test_what_is_no_consumable_of_a_baby_holds_nothing():
    assert category_of("YOGURT", "YOGURT") == "other"
    assert content_of("other", "12 OZ", price=3.0) is None


def test_every_column_of_the_files_is_understood(tmp_path):
    complete_journey.write_files(date(2017, 1, 3), tmp_path)
    for kind in KINDS:
        with (tmp_path / f"{kind}.csv").open(encoding="utf-8") as file:
            heads = next(csv.reader(file))
        meant = guess(None, heads)
        assert meant.kind == kind
        assert not meant.unmatched
        assert not meant.missing


def test_nothing_of_the_day_itself_is_known_in_the_morning(tmp_path):
    complete_journey.write_files(date(2017, 1, 3), tmp_path)
    with (tmp_path / "sales.csv").open(encoding="utf-8") as file:
        days = {row["sold_at"][:10] for row in csv.DictReader(file)}
    assert days == {"2017-01-01", "2017-01-02"}
