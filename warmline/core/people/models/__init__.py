from warmline.core.people.models.care_facts import ImportantDate, MemoryNote
from warmline.core.people.models.consent import Consent
from warmline.core.people.models.handover import Handover, HandoverItem
from warmline.core.people.models.household import Child, Household, Member
from warmline.core.people.models.merge import Merge
from warmline.core.people.models.reading import Reading
from warmline.core.people.models.role import Reader
from warmline.core.people.models.staff import Staff, Token
from warmline.core.people.models.store import DayOff, Region, Store, StoreDay

__all__ = [
    "Child",
    "Consent",
    "DayOff",
    "Handover",
    "HandoverItem",
    "Household",
    "ImportantDate",
    "Member",
    "MemoryNote",
    "Merge",
    "Reader",
    "Reading",
    "Region",
    "Staff",
    "Store",
    "StoreDay",
    "Token",
]
