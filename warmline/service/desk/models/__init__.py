from warmline.service.desk.models.arrival import Arrival, Channel, FromWhom, Numbering, Photo
from warmline.service.desk.models.case import Case
from warmline.service.desk.models.case_event import CaseEvent
from warmline.service.desk.models.feedback import Department, Feedback
from warmline.service.desk.models.ruling import CaseKind, DeskRules, rules

__all__ = [
    "Arrival",
    "Case",
    "CaseEvent",
    "CaseKind",
    "Channel",
    "Department",
    "DeskRules",
    "Feedback",
    "FromWhom",
    "Numbering",
    "Photo",
    "rules",
]
