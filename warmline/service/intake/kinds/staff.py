"""Staff: guides and managers. Who runs the chain is not made by a file."""

from collections.abc import Sequence
from typing import Any

from warmline.base.sheets.cells import parse_phone, parse_text
from warmline.base.sheets.cells.tidy import half_width
from warmline.core.people.models import Staff
from warmline.core.people.names import sort_key
from warmline.service.intake.kinds.reasons import NEEDED_HERE, ROLE, UNKNOWN_STORE
from warmline.service.intake.lookups import Stores
from warmline.service.intake.reading import Cells
from warmline.service.intake.running import Run

ROLES = {
    Staff.Role.MANAGER: ("店长", "经理", "主管", "manager"),
    Staff.Role.AGENT: ("客服", "agent", "service"),
    Staff.Role.LOGISTICS: ("物流", "配送", "仓", "logistics"),
    Staff.Role.GUIDE: ("导购", "店员", "营业", "顾问", "guide", "clerk", "sales", "associate"),
}
NOT_BY_FILE = ("总部", "审计", "财务", "管理员", "hq", "head", "audit", "admin")


class People:
    """Known by code, else by name within the store."""

    def __init__(self, run: Run) -> None:
        self.run, self.stores = run, Stores()
        known = list(Staff.objects.all())
        self.by_code = {staff.code: staff for staff in known if staff.code}
        self.by_name = {(staff.store_id, staff.name): staff for staff in known}
        self.usernames = {staff.username for staff in known}

    def take(self, rows: Sequence[Cells]) -> None:
        for cells in rows:
            facts = self._read(cells)
            if not self.run.accepts(cells):
                continue
            code = facts["code"]
            found = self.by_code.get(code) if code else None
            found = found or self.by_name.get((facts["store_id"], facts["name"]))
            if found is None:
                staff = Staff(username=self._username(facts), must_change_password=True, **facts)
                staff.set_unusable_password()
                self.run.make(staff)
                self.by_name[staff.store_id, staff.name] = staff
                self.by_code[code] = staff
                self.run.tell("new")
            else:
                said = {field: fact for field, fact in facts.items() if fact}
                if "role" not in self.run.file.columns:
                    said.pop("role", None)
                self.run.tell("changed" if self.run.amend(found, said) else "same")

    def finish(self) -> None:
        pass

    def _read(self, cells: Cells) -> dict[str, Any]:
        name = cells.read("name", parse_text, most=60)
        if not name:
            cells.blame("name", NEEDED_HERE)
        store = self.stores.find(cells.text("store")) if cells.text("store").strip() else None
        store = store or (self.run.file.store if not cells.text("store").strip() else None)
        role = self._role(cells)
        if store is None and (cells.text("store").strip() or role in ("guide", "manager")):
            cells.blame("store", UNKNOWN_STORE)
        return {
            "name": name or "",
            "code": cells.read("code", parse_text, most=30) or None,
            "phone": cells.read("phone", parse_phone) or "",
            "role": role,
            "store_id": store.pk if store else None,
        }

    def _role(self, cells: Cells) -> str:
        word = half_width(cells.text("role")).lower()
        if any(never in word for never in NOT_BY_FILE):
            cells.blame("role", ROLE)
        found = (role for role, words in ROLES.items() if any(each in word for each in words))
        return next(found, Staff.Role.GUIDE)

    def _username(self, facts: dict[str, Any]) -> str:
        """Her code, or her name as it is spelled; a second one gets a number."""
        plain = "".join(c for c in sort_key(facts["name"]).lower() if c.isascii() and c.isalnum())
        start = (facts["code"] or plain or "staff").lower()[:50]
        name, n = start, 1
        while name in self.usernames:
            n += 1
            name = f"{start}{n}"
        self.usernames.add(name)
        return name
