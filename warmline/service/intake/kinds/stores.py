"""Stores: the places, before anything can happen in them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from warmline.base.clock import today
from warmline.base.sheets.cells import parse_number, parse_text
from warmline.core.people import calendar
from warmline.core.people.models import Region, Store
from warmline.service.intake.kinds.reasons import NEEDED_HERE, NO_SUCH_PLACE, TOO_LONG
from warmline.service.intake.reading import Cells
from warmline.service.intake.running import Run

AHEAD = 60


class Stores:
    """Known by code; one without a code by name."""

    def __init__(self, run: Run) -> None:
        self.run = run
        self.by_code = {store.code: store for store in Store.objects.all()}
        self.by_name = {store.name: store for store in self.by_code.values()}
        self.regions = {region.name: region for region in Region.objects.all()}
        self.opened: list[Store] = []

    def take(self, rows: Sequence[Cells]) -> None:
        for cells in rows:
            facts, region = self._read(cells)
            if not self.run.accepts(cells):
                continue
            found = self.by_code.get(facts["code"]) if cells.text("code").strip() else None
            found = found or self.by_name.get(facts["name"])
            if region:
                facts["region"] = self._region(region)
            if found is None:
                store = Store(**facts)
                self.run.make(store)
                self.by_code[store.code] = self.by_name[store.name] = store
                self.opened.append(store)
                self.run.tell("new")
            else:
                self.run.tell("changed" if self.run.amend(found, facts) else "same")

    def finish(self) -> None:
        """A new store has its coming days, with their sundowns, at once."""
        if not self.run.rehearses:
            calendar.lay_out(self.opened, today() - timedelta(days=1), AHEAD)

    def _read(self, cells: Cells) -> tuple[dict[str, Any], str]:
        name = cells.read("name", parse_text, most=60) or ""
        code = cells.read("code", parse_text, most=20) or name
        facts: dict[str, Any] = {"code": code, "name": name or code}
        if not code:
            cells.blame("code", NEEDED_HERE)
        elif len(code) > 20:
            cells.blame("code", TOO_LONG, most=20)
        address = cells.read("address", parse_text, most=200) or ""
        city = cells.read("city", parse_text, most=40) or ""
        if address or city:
            facts["address"] = address if address.startswith(city) else f"{city}{address}"[:200]
        if phone := cells.read("phone", parse_text, most=20):
            facts["phone"] = phone
        for field, most in (("latitude", 90), ("longitude", 180)):
            place = cells.read(field, parse_number, places=6)
            if place is not None and abs(place) > most:
                cells.blame(field, NO_SUCH_PLACE, most=most)
            elif place is not None:
                facts[field] = float(place)
        return facts, cells.read("region", parse_text, most=60) or ""

    def _region(self, name: str) -> Region:
        if name not in self.regions:
            taken = {region.code for region in self.regions.values()}
            code = name[:20] if name[:20] not in taken else f"R{len(taken) + 1:03}"
            region = Region(code=code, name=name)
            self.run.make(region)
            self.regions[name] = region
        return self.regions[name]
